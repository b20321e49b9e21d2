// Keys of 审核队列. They only choose; a second key decides. Off inside fields and while an input method composes.
// Nothing here is needed: every key presses a button or follows a link that is on the page.
// Read before the page is: a key pressed or a place clicked while it still comes waits for it, and one pressed while it
// goes does nothing, so that nobody decides on a paper they have already turned over.
(() => {
  "use strict";
  const hasLetters = document.documentElement.dataset.letterKeys !== "off";
  // Begun when the whole page is there; gives what answers a key, and what answers a click.
  const begin = () => {
    const form = document.getElementById("opinion");
    const said = document.getElementById("chosen");
    const paper = document.getElementById("paper");
    const beside = document.querySelector(".jx-opinion");
    const button = (key) => beside && beside.querySelector(`[data-key="${key}"]:not([disabled])`);
    const remarks = () => (form ? [...form.querySelectorAll(".jx-remark")] : []);
    const part = (remark, name) => remark.querySelector(`[name$=".${name}"]`);
    let chosen = null;
    let current = null;
    let isLeaving = false;

    const choose = (pressed, sentence) => {
      beside.querySelectorAll(".jx-chosen").forEach((each) => each.classList.remove("jx-chosen"));
      chosen = pressed;
      said.textContent = sentence;
      if (pressed) pressed.classList.add("jx-chosen");
    };
    const isFree = (remark) => ["path", "template", "text"].every((name) => !part(remark, name).value);
    const remark = () => current || remarks().find(isFree) || remarks()[0] || null;

    const follow = (step) => {
      const items = [...document.querySelectorAll("a[data-item]")];
      const at = items.findIndex((item) => item.hasAttribute("aria-current"));
      const next = at < 0 ? items[0] : items[at + step];
      if (!next) return;
      isLeaving = true;
      next.click();
    };
    const template = (number) => {
      const target = remark();
      if (!target) return;
      part(target, "template").value = number;
      current = target;
      said.textContent = `已选类别：${part(target, "template").selectedOptions[0].textContent}`;
    };
    const approve = () => {
      const pressed = button("a");
      if (!pressed) return;
      choose(pressed, `已选“${pressed.textContent.trim()}”，按 Enter 确认，Esc 取消`);
      const box = pressed.getBoundingClientRect();  // where it is in sight, the paper stays as it lies
      pressed.focus({ preventScroll: box.top >= 0 && box.bottom <= window.innerHeight });
    };
    const sendBack = () => {
      const pressed = button("r");
      if (!pressed) return;
      choose(pressed, "已选“退回修改”，写好意见后按 Ctrl Enter 确认，Esc 取消");
      const place = document.getElementById("remarks");
      if (place) place.focus();
    };

    const press = (pressed) => {
      if (pressed.isComposing || pressed.keyCode === 229) return;
      if (isLeaving) {
        pressed.preventDefault();
        return;
      }
      const field = pressed.target.closest("input, select, textarea");
      if (pressed.key === "Escape" && said) {
        choose(null, "");
        if (field) field.blur();
        return;
      }
      if (pressed.key === "Enter" && pressed.ctrlKey && form && chosen === button("r") && chosen) {
        pressed.preventDefault();
        form.requestSubmit(chosen);
        return;
      }
      if (field || pressed.ctrlKey || pressed.altKey || pressed.metaKey || document.querySelector("dialog[open]")) return;
      if (!hasLetters) return;
      const does = { j: () => follow(1), k: () => follow(-1), a: approve, r: sendBack, d: () => {
        const link = document.querySelector("a[data-differences]");
        if (link) link.click();
      } }[pressed.key.toLowerCase()];
      if (does) {
        pressed.preventDefault();
        does();
      } else if (/^[1-9]$/.test(pressed.key) && form) {
        pressed.preventDefault();
        template(pressed.key);
      }
    };
    const point = (there) => {
      const place = form && paper && paper.contains(there.target) && there.target.closest("[data-path]");
      const target = place && remarks().find(isFree);
      if (!target || there.target.closest("a")) return;
      const path = part(target, "path");
      path.value = place.dataset.path;
      if (path.selectedIndex < 0) path.value = "";
      paper.querySelectorAll(".jx-pointed").forEach((each) => each.classList.remove("jx-pointed"));
      place.classList.add("jx-pointed");
      current = target;
      said.textContent = `意见针对：${path.selectedOptions[0].textContent}`;
    };
    const again = () => {
      isLeaving = false;
    };

    if (form) {
      form.addEventListener("focusin", (there) => {
        current = there.target.closest(".jx-remark") || current;
      });
    }
    return { keydown: press, click: point, pageshow: again };
  };

  let answers = null;
  const early = [];
  const answer = (event) => (answers ? answers[event.type](event) : early.push(event));
  document.addEventListener("keydown", answer);
  document.addEventListener("click", answer);
  document.addEventListener("DOMContentLoaded", () => {
    answers = begin();
    early.forEach(answer);
  });
  window.addEventListener("pageshow", (event) => answers && answer(event));
})();
