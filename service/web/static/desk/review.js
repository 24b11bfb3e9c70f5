// The review desk: each button has its key, and the place in hand is marked in the page picture.
// Nothing is decided here: a key presses a button of the page, and the server answers with what is next.

const desk = document.getElementById("desk");
const paper = document.getElementById("paper");
const picture = document.getElementById("paper-picture");
const mark = document.getElementById("paper-mark");
const missing = document.getElementById("paper-missing");
const ZOOMS = [100, 140, 200, 280];
let zoom = 0;
let isBusy = false;
const sizes = new Map();

document.documentElement.classList.add("has-script");

const panel = () => document.getElementById("desk-panel");
const isField = (element) => element instanceof Element && element.matches("input:not([type=checkbox]), textarea, select");

/** Press the button of a key, if the panel has one and it is to be seen. */
function press(key) {
  const found = [...desk.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key && one.checkVisibility?.() !== false);
  if (!found) return false;
  if (found.dataset.edit) edit();
  else if (found.dataset.unread && !valueField()?.value) edit();
  else found.click();
  return true;
}

const valueField = () => document.getElementById("hand-value");

function edit() {
  const field = valueField();
  if (!field) return;
  field.focus();
  field.select();
}

/** Where the person is typing, only leaving the field has keys of its own. */
function keyInField(event) {
  if (event.key === "Escape") {
    const field = event.target;
    field.value = field.defaultValue;
    panel().focus();
    return true;
  }
  if (event.key === "Enter" && event.target.id === "hand-value" && (event.target.tagName !== "TEXTAREA" || event.ctrlKey)) {
    event.target.form.querySelector('[data-key="Enter"]').click();
    return true;
  }
  return event.altKey && /^[1-9]$/.test(event.key) && press(event.key);
}

function keyOfDesk(event) {
  if (event.target.closest?.("summary, .paper-tools, .desk-by, nav.site-nav") && event.key === "Enter") return false;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") return press("u");
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.key === "F2") return press("e");
  if (event.key === "+" || event.key === "=") return zoomBy(1);
  if (event.key === "-") return zoomBy(-1);
  if (event.key === "Backspace") return press("Delete");
  return press(event.key.length === 1 ? event.key.toLowerCase() : event.key);
}

desk.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (isField(event.target)) {
    if (keyInField(event)) event.preventDefault();
    return;
  }
  // A key while the next place is still on its way, or one held down, would decide on what nobody has seen.
  if (isBusy || event.repeat) {
    if (event.key === "Enter") event.preventDefault();
    return;
  }
  if (keyOfDesk(event)) event.preventDefault();
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (!desk.contains(event.target)) return;
  if (isBusy) return event.preventDefault();
  isBusy = true;
  panel().classList.add("is-busy");
});
document.addEventListener("htmx:afterRequest", () => {
  isBusy = false;
  panel()?.classList.remove("is-busy");
});
document.addEventListener("htmx:afterSettle", () => show(true));
desk.addEventListener("submit", (event) => {
  if (!event.target.hasAttribute("hx-post")) isBusy = true; // a page of its own is on its way
});
window.addEventListener("pageshow", () => { isBusy = false; });

function zoomBy(step) {
  if (!picture) return false;
  zoom = Math.min(ZOOMS.length - 1, Math.max(0, zoom + step));
  picture.style.width = `${ZOOMS[zoom]}%`;
  show(false);
  return true;
}
desk.addEventListener("click", (event) => {
  const way = event.target.closest("[data-zoom], .paper-pages a");
  if (!way || !picture) return;
  event.preventDefault();
  if (way.dataset.zoom) zoomBy(Number(way.dataset.zoom));
  else turnTo(way.dataset.page, null);
});

/** Take hold of the panel, and lead the eye to the place in hand. */
function show(isNew) {
  const now = panel();
  if (isNew) {
    if (now.querySelector("[aria-invalid]")) edit();
    else now.focus({ preventScroll: true }); // also out of the field of the same name, where keys would be typed
    now.scrollTop = 0;
  }
  const hand = now.querySelector(".hand");
  if (picture && hand?.dataset.page) turnTo(hand.dataset.page, hand.dataset.box?.split(",").map(Number));
}

async function turnTo(page, box) {
  const address = `/api/v1/documents/${desk.dataset.document}/pages/${page}`;
  for (const link of desk.querySelectorAll(".paper-pages a")) {
    if (link.dataset.page === page) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (picture.dataset.page !== page) {
    picture.dataset.page = page;
    picture.src = `${address}.jpg`;
    picture.alt = `原件第 ${page} 页`;
  }
  mark.hidden = true;
  if (!box) return;
  if (!sizes.has(page)) sizes.set(page, fetch(address).then((answer) => (answer.ok ? answer.json() : null)));
  const size = await sizes.get(page);
  if (!size || picture.dataset.page !== page) return;
  if (!picture.complete) await new Promise((done) => picture.addEventListener("load", done, { once: true }));
  const shown = (picture.clientWidth / size.width) * size.scale;
  const [left, top, right, bottom] = box.map((edge) => edge * shown);
  Object.assign(mark.style, { left: `${left - 5}px`, top: `${top - 5}px`, width: `${right - left + 10}px`, height: `${bottom - top + 10}px` });
  mark.hidden = false;
  paper.scrollTo({ left: left - paper.clientWidth / 3, top: top - paper.clientHeight / 3 });
}

if (picture) {
  picture.addEventListener("error", () => { paper.hidden = true; missing.hidden = false; });
  picture.addEventListener("load", () => { paper.hidden = false; missing.hidden = true; });
  if (picture.complete && picture.naturalWidth === 0) { paper.hidden = true; missing.hidden = false; }
  window.addEventListener("resize", () => show(false));
}
// Who is typing already goes on typing: taken out of the field, letters would be keys, and A would accept
show(!document.querySelector(".ledger-body") && !isField(document.activeElement));

// The page of the next document is drawn while this one is gone through; what comes back is not kept here.
window.addEventListener("load", () => {
  if (desk.dataset.ahead) fetch(`/api/v1/documents/${desk.dataset.ahead}/pages/1`).then((answer) => answer.text()).catch(() => {});
});
