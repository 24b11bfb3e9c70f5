// Loaded before anything of the page is drawn: what is pasted into the grid while fill.js is still on its way is kept
// for it. Left to the browser, many cells of Excel would become one.

document.addEventListener("paste", (event) => {
  if (window.pastes === null) return; // fill.js is there
  const field = event.target.closest?.("#grid [name]");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!field || !/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  window.pastes = [...(window.pastes ?? []), { name: field.name, text }];
});
