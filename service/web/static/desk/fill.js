// Filling in a form on the page: faults are shown at their fields, cells copied from Excel are spread over the grid.

const form = document.getElementById("fill");
let isChanged = false;

/** Mark each field of which the list of faults speaks, and take old marks away. */
function mark() {
  for (const field of form.querySelectorAll("[aria-invalid], .is-doubtful")) {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("title");
    field.removeAttribute("aria-describedby");
    field.classList.remove("is-invalid", "is-doubtful");
  }
  form.querySelectorAll(".field-faults").forEach((note) => note.remove());
  for (const item of form.querySelectorAll("#findings [data-place]")) {
    const field = document.getElementById(item.dataset.place);
    if (!field || item.closest(".fill-missing:not([data-asked])")) continue; // not typed yet is not wrong yet
    const isError = item.dataset.severity === "error";
    if (isError) {
      field.setAttribute("aria-invalid", "true");
      field.classList.add("is-invalid");
    } else {
      field.classList.add("is-doubtful");
    }
    field.title = [field.title, item.dataset.message].filter(Boolean).join("\n");
    const box = field.closest(".fill-field");
    if (box && isError) {
      const note = document.createElement("div");
      note.className = "field-faults";
      note.id = `${field.id}-faults`;
      note.textContent = item.dataset.message.replace(/^[^“”:]{1,20}:/, ""); // of whom is seen from where it stands
      field.after(note);
      field.setAttribute("aria-describedby", note.id);
    }
  }
}

/** Several cells pasted into one go to the server, which knows the columns; it answers with the grid. */
function paste(event) {
  const field = event.target.closest?.("#grid [name]");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!field || !/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  spread(text, field.name);
}

function spread(text, at) {
  document.getElementById("paste").value = text;
  document.getElementById("paste_at").value = at;
  document.getElementById("paste-now").click();
}

/** Whether a field holds another value than the one it came with. */
function isTyped(field) {
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (!(field instanceof HTMLSelectElement)) return field.value !== field.defaultValue;
  const options = [...field.options];
  return field.selectedIndex !== Math.max(0, options.findLastIndex((option) => option.defaultSelected));
}

/** What was typed or pasted while the page was still loading is checked and kept as a draft like all that follows. */
function takeEarly() {
  const fields = [...form.elements].filter((field) => field.name && field.type !== "hidden" && field.matches("input, select"));
  const isEarly = fields.some((field) => field !== document.activeElement && isTyped(field)); // that one tells by itself
  if (isEarly) form.dispatchEvent(new Event("change", { bubbles: true }));
  early = window.pastes ?? [];
  window.pastes = null;
  spreadNext();
}

let early = [];
function spreadNext() {
  const one = early.shift();
  if (one) spread(one.text, one.name);
}

/** Enter goes to the same column of the next row, with Shift of the row before, as in Excel. */
function below(event) {
  const place = /^r(\d+)\.(\w+)$/.exec(event.target.id ?? "");
  if (event.key !== "Enter" || event.isComposing || !place || !event.target.closest("#grid")) return;
  const next = document.getElementById(`r${Number(place[1]) + (event.shiftKey ? -1 : 1)}.${place[2]}`);
  if (!next) return; // in the last row it checks, as everywhere
  event.preventDefault();
  next.focus();
  next.select?.();
}

/** The place that a button leads to: other rows come into the grid, and it is in hand. */
let wanted = "";
document.addEventListener("click", (event) => {
  const step = event.target.closest?.("button[name='do']");
  wanted = step?.value.startsWith("at:") ? step.value.slice(3) : "";
});

/** While other rows are on their way nothing is typed into those that go, and nothing of them is kept as the draft. */
let isTurning = false;
let heldBefore = "";
document.addEventListener("htmx:beforeRequest", (event) => {
  const isForGrid = event.detail.target?.id === "grid";
  if (isTurning && (isForGrid || event.detail.elt === form)) event.preventDefault();
  else if (isForGrid) {
    isTurning = true;
    heldBefore = document.activeElement?.closest("#grid") ? document.activeElement.id : "";
    event.detail.target.inert = true;
  }
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.target?.id !== "grid" || !isTurning) return;
  isTurning = false;
  event.detail.target.inert = false;
  const place = wanted || heldBefore;
  if (place) (document.getElementById(place) ?? event.detail.target.querySelector("tbody input"))?.focus();
  wanted = "";
  form.dispatchEvent(new Event("change", { bubbles: true })); // the rows are others now: check them
  spreadNext();
});

document.addEventListener("keydown", below);
document.addEventListener("paste", paste);
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "findings") mark();
  if (event.detail.target.id === "grid") {
    const area = document.getElementById("paste");
    if (area) area.value = "";
    document.getElementById("paste_at").value = "";
  }
});
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("#findings a[href^='#']");
  if (!link) return;
  const field = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!field) return;
  event.preventDefault();
  field.scrollIntoView({ block: "center", inline: "center" });
  field.focus();
});
form.addEventListener("change", () => {
  isChanged = true;
});
document.addEventListener("htmx:afterRequest", (event) => {
  // What was sent is kept as a draft: leaving now loses nothing
  if (event.detail.successful && !form.querySelector("#draft .notice")) isChanged = false;
});
let isHandedIn = false;
window.addEventListener("pageshow", () => {
  isHandedIn = false;
});
form.addEventListener("submit", (event) => {
  if (event.submitter?.formAction.endsWith("/hand-in")) {
    if (isHandedIn) event.preventDefault(); // clicked twice, handed in once
    isHandedIn = true;
  }
  isChanged = false;
});
window.addEventListener("beforeunload", (event) => {
  if (isChanged) event.preventDefault();
});
mark();
document.addEventListener("DOMContentLoaded", takeEarly); // htmx has begun to listen by then
