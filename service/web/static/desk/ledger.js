// The ledger desk: a field dropped on a column is chosen in that column's list; rows follow what was corrected.

const form = document.getElementById("ledger-columns");
let carried = null;

function columnOf(event) {
  return event.target instanceof Element ? event.target.closest("tr[data-drop]") : null;
}

if (form) {
  for (const part of form.parentElement.querySelectorAll("[data-dragged]")) part.hidden = false; // nothing to drag before
  form.addEventListener("dragstart", (event) => {
    carried = event.target.dataset?.keys ?? null;
    if (carried) event.dataTransfer.setData("text/plain", carried);
  });
  form.addEventListener("dragover", (event) => {
    const row = columnOf(event);
    if (!row || !carried) return;
    event.preventDefault();
    for (const other of form.querySelectorAll(".is-target")) if (other !== row) other.classList.remove("is-target");
    row.classList.add("is-target");
  });
  form.addEventListener("dragend", () => {
    carried = null;
    for (const row of form.querySelectorAll(".is-target")) row.classList.remove("is-target");
  });
  form.addEventListener("drop", (event) => {
    const row = columnOf(event);
    const list = row && document.getElementById(row.dataset.drop);
    if (!list || !carried) return;
    event.preventDefault();
    list.value = carried;
    list.focus();
  });
}

// What was corrected in the panel is told anew among the rows, with what the rules say of it now.
const rows = document.getElementById("ledger-rows");
document.addEventListener("htmx:afterSettle", (event) => {
  const asked = event.detail.requestConfig;
  if (rows && asked?.verb === "post") window.htmx.ajax("GET", rows.dataset.rows, { target: "#ledger-rows", swap: "innerHTML" });
});
