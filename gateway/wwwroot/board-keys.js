// Keys for the triage board: what they do can be done with Tab, Space and Enter as well.
const rows = () => [...document.querySelectorAll("#board article")];
let at = -1;

document.addEventListener("keydown", event => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const typing = event.target.closest("input:not([type=checkbox]), select, textarea");
  if (typing) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  switch (event.key) {
    case "j": go(at + 1); break;
    case "k": go(at - 1); break;
    case "x": box()?.click(); break;
    case "/": document.getElementById("fn")?.focus(); break;
    default: return;
  }
  event.preventDefault();
});

// "All on this page" is decided by the server; ticking it shows what that means.
document.getElementById("all")?.addEventListener("change", event => {
  for (const tick of document.querySelectorAll("#board [name=Pick]")) tick.checked = event.target.checked;
});

function box() {
  return rows()[at]?.querySelector("[name=Pick]");
}

function go(to) {
  at = Math.max(0, Math.min(to, rows().length - 1));
  rows()[at]?.querySelector("h3 a")?.focus();
}
