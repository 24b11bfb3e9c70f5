// Hands in many files, each by itself: a line with live progress, result, warnings, retry and cancel.
//
// Every file has a key. It is sent along each time the same file is tried again, so that the server takes it once,
// whatever the network did in between. What was taken is kept by id, so that lines come back after a reload.

import { csrf, problemOf, sayAway } from "./base.js";

const AT_ONCE = 2;
const ASK_EVERY = 1000;
const ASKED_AT_ONCE = 60;
const TRY_AGAIN = 5000;
const KEPT = "upload-lines";

const form = document.getElementById("upload");
const body = document.getElementById("lines");
const template = document.getElementById("line");
const largest = Number(form.dataset.largest) * 1024 * 1024;
const lines = [];
let asking = false;

/** A line: what is known of one file (or of the photos that will be one), and its row.
 *
 * States: gathering, waiting, sending, away, reading, done, bad, stopped.
 */
function addLine({ files = [], id = "", name = "" }) {
  const row = template.content.firstElementChild.cloneNode(true);
  const line = { files, id, key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, name, row, state: files.length ? "waiting" : "reading", fields: fieldsNow() };
  row.querySelector(".line-name").textContent = name;
  row.querySelector(".line-size").textContent = files.length ? sizeOf(bytesOf(line)) : "";
  row.querySelector(".line-send").addEventListener("click", () => again(line));
  row.querySelector(".line-retry").addEventListener("click", () => retry(line));
  row.querySelector(".line-cancel").addEventListener("click", () => cancel(line));
  body.append(row);
  lines.push(line);
  document.getElementById("sent").hidden = false;
  say(line, files.length ? "等待上传" : "正在读取");
  return line;
}

function bytesOf(line) {
  return line.files.reduce((sum, file) => sum + file.size, 0);
}

function sizeOf(bytes) {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** What is said with the file: form, unit, campaign, and once the file that it corrects. */
function fieldsNow() {
  const said = new FormData(form);
  const fields = {};
  for (const name of ["form", "unit", "campaign", "supersedes"]) {
    if (said.get(name)) fields[name] = said.get(name);
  }
  return fields;
}

/** Show a line's state in words, with its progress and what may be done. */
function say(line, text, { tone = "quiet", percent = null } = {}) {
  const state = line.row.querySelector(".line-state");
  state.textContent = text;
  state.className = `line-state badge badge-${tone}`;
  const bar = line.row.querySelector(".line-progress");
  bar.hidden = !["waiting", "sending", "reading", "away"].includes(line.state);
  bar.setAttribute("aria-label", `${line.name} ${text}`);
  if (percent === null) bar.removeAttribute("value");
  else bar.value = percent;
  line.row.querySelector(".line-retry").hidden = !(line.files.length && ["away", "bad", "stopped"].includes(line.state));
  line.row.querySelector(".line-cancel").hidden = !["gathering", "waiting", "sending", "reading", "away"].includes(line.state);
  line.row.querySelector(".line-send").hidden = line.state !== "gathering";
  const open = line.row.querySelector(".line-open");
  open.hidden = !line.id;
  if (line.id) open.href = `/documents/${line.id}`;
  if (line.id) open.setAttribute("aria-label", `查看 ${line.name}`);
  sum();
}

function result(line, parts) {
  const cell = line.row.querySelector(".line-result");
  cell.replaceChildren(
    ...parts.filter(([text]) => text).map(([text, kind]) => {
      const part = document.createElement("span");
      part.className = `line-part line-${kind}`;
      part.textContent = text;
      return part;
    }),
  );
}

/** One sentence for all lines, which screen readers hear when it changes. */
function sum() {
  const count = (...states) => lines.filter((line) => states.includes(line.state)).length;
  const parts = [
    ["已读完", count("done")],
    ["正在读", count("reading")],
    ["还在选照片", count("gathering")],
    ["正在上传", count("sending")],
    ["等待", count("waiting")],
    ["等网络恢复", count("away")],
    ["没有读成", count("bad")],
    ["已取消", count("stopped")],
  ].filter(([, number]) => number);
  document.getElementById("sum").textContent = `共 ${lines.length} 份：${parts.map(([name, number]) => `${name} ${number}`).join("，")}。`;
  document.getElementById("retry-all").hidden = count("away", "bad") < 2;
  document.getElementById("clear").hidden = !count("done");
  sessionStorage.setItem(KEPT, JSON.stringify(lines.filter((line) => line.id).map((line) => line.id)));
}

/** Whether a file is a photo, by what the browser or its name says. */
function isPhoto(file) {
  return file.type.startsWith("image/") || /\.(jpe?g|png|bmp|webp|heic|tiff?)$/i.test(file.name);
}

/** Photos of one paper: they wait on one line until whoever takes them says that these are all. */
function gather(photos) {
  let line = lines.find((one) => one.state === "gathering");
  if (!line) {
    line = addLine({ files: photos });
    line.fields.together = "1";
    line.state = "gathering";
    if (form.elements.supersedes) form.elements.supersedes.remove(); // it is said of one file
  } else {
    line.files = [...line.files, ...photos];
  }
  const count = line.files.length;
  line.name = count > 1 ? `${stemOf(line.files[0].name)}等${count}张照片` : line.files[0].name;
  line.row.querySelector(".line-name").textContent = line.name;
  line.row.querySelector(".line-size").textContent = sizeOf(bytesOf(line));
  say(line, `已选 ${count} 张`, { tone: "busy" });
  result(line, [["可以接着选、接着拍，选齐了再上传。", "quiet"]]);
  refuseLarge(line);
}

function stemOf(name) {
  return name.replace(/\.[^.]*$/, "");
}

function refuseLarge(line) {
  if (bytesOf(line) <= largest) return;
  line.state = "bad";
  line.files = [];
  say(line, "太大", { tone: "bad" });
  result(line, [[`超过 ${form.dataset.largest} MiB，没有上传。请分成几份，或降低扫描分辨率。`, "bad"]]);
}

function addFiles(chosen) {
  const isOnePaper = document.getElementById("together").checked;
  const photos = isOnePaper ? chosen.filter(isPhoto) : [];
  if (photos.length) gather(photos);
  for (const file of chosen.filter((one) => !photos.includes(one))) {
    if (file.size === 0 && !file.type && !file.name.includes(".")) continue; // what browsers give for a folder
    const line = addLine({ files: [file], name: file.webkitRelativePath || file.name });
    if (isOnePaper) line.fields.together = "1"; // of the photos in a zip
    if (form.elements.supersedes) form.elements.supersedes.remove(); // it is said of one file
    refuseLarge(line);
  }
  sendNext();
}

function sendNext() {
  while (lines.filter((line) => line.state === "sending").length < AT_ONCE) {
    const line = lines.find((one) => one.state === "waiting");
    if (!line) return;
    send(line);
  }
}

function send(line) {
  const data = new FormData();
  for (const [name, text] of Object.entries(line.fields)) data.append(name, text);
  for (const file of line.files) data.append("file", file, file.name);
  const request = new XMLHttpRequest();
  line.request = request;
  line.state = "sending";
  say(line, "正在上传", { tone: "busy", percent: 0 });
  request.open("POST", "/api/v1/documents");
  request.setRequestHeader("Idempotency-Key", line.key);
  request.setRequestHeader("Accept-Language", "zh");
  if (csrf()) request.setRequestHeader("X-CSRF-Token", csrf());
  request.upload.addEventListener("progress", (event) => {
    if (line.state !== "sending" || !event.lengthComputable) return;
    const percent = Math.round((100 * event.loaded) / event.total);
    say(line, percent < 100 ? `正在上传 ${percent}%` : "正在保存", { tone: "busy", percent });
  });
  request.addEventListener("load", () => taken(line, request));
  request.addEventListener("error", () => away(line));
  request.addEventListener("timeout", () => away(line));
  request.addEventListener("loadend", sendNext);
  request.send(data);
}

/** The server cannot be reached: the line waits and is tried again by itself, under the same key. */
function away(line) {
  line.state = "away";
  say(line, navigator.onLine ? "连不上服务器" : "网络断开", { tone: "warn" });
  result(line, [["文件还在本页，恢复后自动续传，不会重复提交。请不要关闭本页。", "warn"]]);
  sayAway(navigator.onLine ? "连不上服务器，恢复后自动续传。" : "网络断开了，恢复后自动续传。");
  setTimeout(() => line.state === "away" && again(line), TRY_AGAIN);
}

function again(line) {
  line.state = "waiting";
  say(line, "等待上传");
  result(line, []);
  sendNext();
}

async function taken(line, request) {
  if (request.status === 503 || request.status === 502 || request.status === 504) {
    away(line);
    return;
  }
  sayAway("");
  let answer = {};
  try {
    answer = JSON.parse(request.responseText);
  } catch {
    // no JSON: told by the state of the answer
  }
  const entries = answer.documents ?? [];
  if (!entries.length) {
    line.state = "bad";
    const text = answer.message_zh ?? (await problemOf(new Response(request.responseText, { status: Math.max(200, request.status) })));
    say(line, "没有收下", { tone: "bad" });
    result(line, [[text, "bad"]]);
    return;
  }
  const [first, ...others] = entries;
  const isZip = line.files.length === 1 && (entries.length > 1 || /\.zip$/i.test(line.name));
  const inside = isZip ? `${line.files[0].name} › ` : "";
  line.name = isZip || line.files.length > 1 ? `${inside}${first.file}` : line.name;
  line.row.querySelector(".line-name").textContent = line.name;
  entered(line, first);
  for (const entry of others) entered(addLine({ id: entry.id ?? "", name: `${inside}${entry.file}` }), entry);
  ask();
}

function entered(line, entry) {
  line.id = entry.id ?? "";
  line.job = entry.job;
  if (entry.problem) {
    line.state = "bad";
    line.files = []; // sent again it would be refused again
    say(line, "没有收下", { tone: "bad" });
    result(line, [[entry.problem.message_zh, "bad"], [line.id ? "原件已另存，供管理员查看。" : "", "quiet"]]);
    return;
  }
  line.isAgain = Boolean(entry.duplicate);
  line.state = "reading";
  say(line, "已存好，等待读取", { tone: "busy" });
  result(line, line.isAgain ? [["这份文件以前交过，没有重复收。", "warn"]] : []);
}

function retry(line) {
  if (line.state === "bad" || line.state === "stopped") line.key = `${line.key}+`; // another try, not the same request
  again(line);
}

async function cancel(line) {
  if (line.state === "sending") line.request.abort();
  if (line.state === "reading" && line.job) {
    const answer = await fetch(`/api/v1/jobs/${line.job}`, { method: "DELETE", headers: csrf() ? { "X-CSRF-Token": csrf() } : {} }).catch(() => null);
    if (!answer?.ok) return;
  }
  line.state = "stopped";
  say(line, "已取消", { tone: "quiet" });
  result(line, [[line.id ? "原件已存好，没有读。可以重试。" : "没有上传。", "quiet"]]);
  sendNext();
}

/** Ask how far the files are that are being read, all in one question. */
async function ask() {
  if (asking) return;
  asking = true;
  try {
    for (let open = openIds(); open.length; open = openIds()) {
      const query = new URLSearchParams(open.map((id) => ["id", id]));
      const answer = await fetch(`/upload/lines?${query}`, { headers: { Accept: "application/json" } }).catch(() => null);
      if (answer?.ok) {
        sayAway("");
        show((await answer.json()).lines, open);
      } else if (answer?.status === 401 || answer?.redirected) {
        sayAway("登录已过期：文件都已存好，重新登录后在“收到的表”里看结果。");
        return;
      } else {
        sayAway("连不上服务器：文件已存好，恢复后继续显示进度。");
      }
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY));
    }
  } finally {
    asking = false;
  }
}

function openIds() {
  return lines.filter((line) => line.state === "reading" && line.id).slice(0, ASKED_AT_ONCE).map((line) => line.id);
}

function show(found, asked) {
  const known = new Map(found.map((one) => [one.id, one]));
  for (const line of lines.filter((one) => one.state === "reading" && asked.includes(one.id))) {
    const now = known.get(line.id);
    if (!now) {
      line.state = "done";
      say(line, "已交上级", { tone: "quiet" });
      continue;
    }
    if (!line.name) {
      line.name = now.file;
      line.row.querySelector(".line-name").textContent = now.file;
    }
    line.job = now.job;
    showOne(line, now);
  }
}

function showOne(line, now) {
  const told = now.warnings.map((text) => [text, "warn"]);
  if (line.isAgain) told.unshift(["这份文件以前交过，没有重复收。", "warn"]);
  if (!now.is_done) {
    const { done = 0, total = 0, state = "queued" } = now.progress ?? {};
    const isRunning = state === "running";
    say(line, isRunning ? (total > 1 ? `正在读取 ${done}/${total} 页` : "正在读取") : "排队等待读取", {
      tone: "busy",
      percent: isRunning && total > 1 ? Math.round((100 * done) / total) : null,
    });
    return;
  }
  if (now.problem || now.state === "failed" || now.state === "received") {
    line.state = "bad";
    say(line, "没有读成", { tone: "bad" });
    result(line, [[now.problem || "读取没有完成。", "bad"], ["原件已存好。", "quiet"], ...told]);
    return;
  }
  line.state = "done";
  const figures = [`${now.people} 条记录`];
  if (now.errors) figures.push(`${now.errors} 处错误`);
  if (now.review) figures.push(`${now.review} 处请核对`);
  say(line, now.label, { tone: now.errors ? "bad" : now.review || told.length ? "warn" : "good" });
  result(line, [
    [[...new Set(now.forms)].join("、") || "没有认出是哪张表", now.forms.length ? "form" : "warn"],
    [figures.join("，"), now.errors ? "bad" : "quiet"],
    [now.unit ? `单位：${now.unit}` : "单位：未确定", now.unit ? "quiet" : "warn"],
    ...told,
  ]);
}

/** The files of what was dropped, those inside folders too. */
async function filesOf(items) {
  const entries = [...items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const found = [];
  async function walk(entry) {
    if (entry.isFile) {
      found.push(await new Promise((resolve, reject) => entry.file(resolve, reject)));
    } else {
      const reader = entry.createReader();
      for (;;) {
        const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
        if (!some.length) break;
        for (const inner of some) await walk(inner);
      }
    }
  }
  for (const entry of entries) await walk(entry);
  return found;
}

function install() {
  document.documentElement.classList.add("has-script");
  const drop = document.getElementById("drop");
  document.getElementById("folder").webkitdirectory = true;
  const takers = [];
  for (const id of ["file", "folder", "camera"]) {
    const input = document.getElementById(id);
    const take = () => {
      addFiles([...input.files]);
      input.value = "";
    };
    input.addEventListener("change", take);
    takers.push(() => input.files.length && take());
  }
  for (const button of document.querySelectorAll("[data-picks]")) {
    button.addEventListener("click", () => document.getElementById(button.dataset.picks).click());
  }
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.add("is-over");
    });
  }
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("is-over"));
  drop.addEventListener("drop", async (event) => {
    event.preventDefault();
    const plain = [...event.dataTransfer.files];
    const found = await filesOf(event.dataTransfer.items).catch(() => plain);
    addFiles(found.length ? found : plain);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("retry-all").addEventListener("click", () => {
    lines.filter((line) => line.files.length && ["away", "bad"].includes(line.state)).forEach(retry);
  });
  document.getElementById("clear").addEventListener("click", () => {
    for (const line of lines.filter((one) => one.state === "done")) {
      line.row.remove();
      lines.splice(lines.indexOf(line), 1);
    }
    document.getElementById("sent").hidden = !lines.length;
    sum();
  });
  window.addEventListener("online", () => lines.filter((line) => line.state === "away").forEach(again));
  window.addEventListener("beforeunload", (event) => {
    if (lines.some((line) => ["gathering", "waiting", "sending", "away"].includes(line.state))) event.preventDefault();
  });
  for (const id of JSON.parse(sessionStorage.getItem(KEPT) ?? "[]")) addLine({ id });
  for (const taker of takers) taker(); // chosen while the page was still loading; after the lines that were there before
  ask();
}

install();
