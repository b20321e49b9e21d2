// Keys of every page, and of the rows of its list. Everything they do a link, a button or a tick does as well.
// Off inside fields, while an input method composes, and, but for Enter and Esc, for whoever switched letters off.
(() => {
  "use strict";
  const hasLetters = document.documentElement.dataset.letterKeys !== "off";
  const keys = document.getElementById("keys");
  const ROWS = ":is([data-list] > tbody > tr, [data-list] > section)";
  const rows = [...document.querySelectorAll(ROWS)];
  const place = (row) => row.querySelector("a[href], button:not([disabled])") || row;
  let chosen = null;

  const choose = (row) => {
    if (chosen) chosen.removeAttribute("aria-current");
    chosen = row;
    if (row) row.setAttribute("aria-current", "true");
  };
  const go = (step) => {
    const shown = rows.filter((row) => row.getClientRects().length);
    const at = shown.indexOf(chosen);
    const row = at < 0 ? shown.at(step > 0 ? 0 : -1) : shown[at + step];
    if (!row) return;
    choose(row);
    const there = place(row);
    if (there === row) row.tabIndex = -1;
    there.focus();
    row.scrollIntoView({ block: "nearest" });
  };
  const open = () => chosen && place(chosen) !== chosen && place(chosen).click();
  const tick = () => chosen?.querySelector("input[type='checkbox']:not([disabled])")?.click();
  const search = () => (document.getElementById("search") || document.querySelector("main input[type='search']"))?.focus();
  const letters = { ...(rows.length && { j: () => go(1), k: () => go(-1), x: tick }), "/": search, "?": () => keys?.showModal() };

  // True when the key did something.
  const answer = (pressed) => {
    const field = pressed.target.closest("input:not([type='checkbox'], [type='radio']), select, textarea");
    if (pressed.key === "Escape") {
      if (field || chosen) document.activeElement.blur();
      choose(null);
      return false;
    }
    if (field || pressed.ctrlKey || pressed.altKey || pressed.metaKey) return false;
    if (pressed.key === "Enter" && chosen && pressed.target === document.body) {
      open();
      return true;
    }
    const does = hasLetters && letters[pressed.key.toLowerCase()];
    if (does) does();
    return Boolean(does);
  };

  // On paper every figure says how it came about, folded or not.
  let unfolded = [];
  window.addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("details:not([open]) > summary:is(.jx-basis, :has(.jx-basis))")].map((each) => each.parentElement);
    unfolded.forEach((each) => { each.open = true; });
  });
  window.addEventListener("afterprint", () => unfolded.forEach((each) => { each.open = false; }));

  keys?.querySelectorAll("[data-of-lists]").forEach((each) => { each.hidden = !rows.length; });
  document.addEventListener("keydown", (pressed) => {
    if (pressed.isComposing || pressed.keyCode === 229 || pressed.defaultPrevented) return;
    if (document.querySelector("dialog[open]") || document.body.classList.contains("jx-covered")) return;
    if (answer(pressed)) pressed.preventDefault();
  });
  document.addEventListener("focusin", (there) => {
    const row = there.target.closest(ROWS);
    if (row && row !== chosen) choose(row);
  });
})();
