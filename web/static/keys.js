// Keys of 任务办理. Everything they do a button or a link does as well; off while an input method composes.
// Read before the page is: a key pressed while it still comes waits for it.
(() => {
  "use strict";
  let sheet = null;
  const open = (element) => {
    for (let each = element.closest("details"); each; each = each.parentElement.closest("details")) each.open = true;
  };
  const goTo = (element) => {
    open(element);
    element.focus();
    element.scrollIntoView({ block: "center" });
  };
  const wrong = ".jx-problem--error, .jx-problem--explain:not(.jx-problem--answered)";
  const nextProblem = () => {
    const places = [...new Set([...sheet.querySelectorAll(`.jx-section :is(${wrong})`)].map((each) => {
      const place = each.closest(".jx-field, td, th, .jx-rows, .jx-block, .jx-section");
      return place.querySelector("textarea[name^='explanations'], input:not([type='hidden']), select, textarea, button");
    }))].filter(Boolean);
    const here = document.activeElement;
    const after = places.find((each) => here.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING && each !== here);
    const target = after || places[0] || document.getElementById("summary");
    if (target) goTo(target);
  };
  const part = (number) => {
    const there = document.getElementById(`part${number}`);
    if (!there) return;
    there.open = true;
    goTo(there.querySelector("summary"));
  };
  // Enter in a table: the same column of the next row; behind the last one the next field, or what hands the form in.
  // Only a table of indicators grows by it, and only behind a row somebody has begun.
  const fields = "input:not([type='hidden']), select, textarea";
  const goOn = (table) => {
    const behind = (each) => table.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING;
    const open = (each) => !each.disabled && each.getClientRects().length && !table.contains(each);
    const next = [...sheet.querySelectorAll(`.jx-section :is(${fields})`)].find((each) => behind(each) && open(each));
    const target = next || sheet.querySelector('.jx-actions button:is([name="check"], [name="save"]):not([disabled])');
    if (target) goTo(target);
  };
  const begun = (row) => [...row.querySelectorAll("input[type='text'], textarea")].some((each) => each.value);
  const nextRow = (field) => {
    const cell = field.closest("td");
    const row = cell && cell.closest("tbody.jx-row, .jx-matrix tr");
    if (!row || field.closest(".jx-rest")) return false;
    for (let next = row.nextElementSibling; next; next = next.nextElementSibling) {
      const there = (next.rows ? next.rows[0] : next)?.cells[cell.cellIndex]?.querySelector(fields);
      if (there) {
        there.focus();
        return true;
      }
    }
    const add = row.closest("[data-grows]")?.querySelector('button[name="add"]');
    if (add && begun(row)) add.click();
    else goOn(row.closest("table"));
    return true;
  };
  // A row that was added, moved, or follows one that has gone: its first field, or the first open place of one begun.
  const intoRow = (row) => {
    if (!row?.matches("tbody.jx-row")) return;
    const shown = [...row.querySelectorAll(fields)].filter((each) => each.getClientRects().length);
    const open = begun(row) && shown.find((each) => each.getAttribute("aria-invalid") === "true");
    (open || shown[0])?.focus();
  };
  const moveRow = (field, name) => field.closest("tbody.jx-row")?.querySelector(`button[name="${name}"]`)?.click();

  const isOurs = (pressed) =>
    pressed.key === "F8" ||
    (pressed.altKey && !pressed.ctrlKey && /^[1-4]$/.test(pressed.key)) ||
    (pressed.ctrlKey && !pressed.altKey && pressed.key.toLowerCase() === "s");
  // True when the key did something; `target` is where it was pressed.
  const answer = (pressed) => {
    const field = pressed.target.closest("input, select, textarea");
    if (isOurs(pressed)) {
      if (pressed.altKey) part(pressed.key);
      else if (!sheet) return false;
      else if (pressed.key === "F8") nextProblem();
      else document.dispatchEvent(new CustomEvent("jx:save"));
      return true;
    }
    if (field && sheet && pressed.ctrlKey && (pressed.key === "ArrowUp" || pressed.key === "ArrowDown")) {
      moveRow(field, pressed.key === "ArrowUp" ? "up" : "down");
      return true;
    }
    if (pressed.key === "Enter" && field && field.tagName === "INPUT" && sheet?.contains(field)) return nextRow(field);
    return false;
  };

  let early = [];
  document.addEventListener("keydown", (pressed) => {
    if (pressed.isComposing || pressed.keyCode === 229 || document.body?.classList.contains("jx-covered")) return;
    if (early) {
      if (!isOurs(pressed)) return;
      early.push(pressed);
      pressed.preventDefault();
    } else if (answer(pressed)) pressed.preventDefault();
  });
  document.addEventListener("DOMContentLoaded", () => {
    sheet = document.getElementById("sheet");
    if (sheet && location.hash === "#begin") nextProblem();  // who comes to fill it in begins at the first open place
    const waiting = early;
    early = null;
    waiting.forEach(answer);
  });
  // The browser takes the focus away as it goes to a place that has none of its own, so this comes after it.
  window.addEventListener("load", () => {
    const there = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!sheet || document.activeElement !== document.body) return;
    if (there) intoRow(there);
    else document.getElementById("stopped")?.focus();
  });
})();
