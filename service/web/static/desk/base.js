// What every page does beside its own: say when the server is out of reach, close menus, ask before what cannot be undone.

const away = document.getElementById("away");

/** Tell that the server cannot be reached, or take the message back (empty text). */
export function sayAway(text) {
  if (!away) return;
  away.textContent = text;
  away.hidden = !text;
}

/** A short message in the corner; tone is one of good, warn, bad. */
export function toast(text, tone = "good") {
  const place = document.getElementById("toasts");
  const note = document.createElement("div");
  note.className = `toast-note toast-${tone}`;
  note.textContent = text;
  place.append(note);
  setTimeout(() => note.remove(), tone === "bad" ? 15000 : 6000);
}

/** The token that every write brings along; empty where there is no session. */
export function csrf() {
  return document.body.dataset.csrf ?? "";
}

/** The sentence of a problem document, or one that fits the state of the answer. */
export async function problemOf(response) {
  try {
    const body = await response.clone().json();
    if (body.message_zh) return body.message_zh;
  } catch {
    // no JSON: a page of a proxy, or nothing
  }
  if (response.status === 401) return "登录已过期，请重新登录后再试。";
  if (response.status === 413) return "内容太大，服务器没有接收。请分成几次。";
  if (response.status === 503) return "服务器正忙，请稍后再试。";
  return `服务器没有完成这一步（${response.status}），请稍后再试。`;
}

const OFFLINE = "网络断开了：已经填写的内容还在本页，连上后再提交。";
const GONE = "连不上服务器：页面上的内容还在，请稍后再试；一直不行请找管理员。";

window.addEventListener("offline", () => sayAway(OFFLINE));
window.addEventListener("online", () => sayAway(""));
if (!navigator.onLine) sayAway(OFFLINE);

const BUSY = 503;
const AGAIN_MS = 3000;

/** A page that waits for a part of itself: asks again when nobody answered, and says so when the part cannot be made. */
function waitOn(event, said) {
  const later = event.target.closest?.("#later");
  if (!later) return false;
  if (!said) {
    setTimeout(() => window.htmx.trigger(later, "again"), AGAIN_MS);
    return true;
  }
  later.querySelector(".later-lines")?.remove();
  const note = later.querySelector(".later-said");
  note.className = "alert alert-danger";
  note.setAttribute("role", "alert");
  note.textContent = `没有统计出来：${said} 点“现在刷新”再试一次。`;
  return true;
}

document.addEventListener("htmx:sendError", (event) => {
  sayAway(navigator.onLine ? GONE : OFFLINE);
  waitOn(event, "");
});
document.addEventListener("htmx:afterOnLoad", () => sayAway(""));
document.addEventListener("htmx:responseError", (event) => {
  const request = event.detail.xhr;
  let text = `服务器没有完成这一步（${request.status}），请稍后再试。`;
  try {
    text = JSON.parse(request.responseText).message_zh ?? text;
  } catch {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    text = page.querySelector("[data-problem]")?.textContent?.trim() || text;
  }
  if (!waitOn(event, request.status === BUSY ? "" : text)) toast(text, "bad");
});

// Menus close when something else is chosen or Escape is pressed
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.more[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.more[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A form or button with data-confirm asks first
document.addEventListener("submit", (event) => {
  const asked = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (asked && !window.confirm(asked)) event.preventDefault();
});
