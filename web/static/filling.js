// 任务办理: what is typed is saved by itself. Nothing here is needed: the button 存草稿 does the same without scripts.
// htmx sends the form, one request at a time; the answer is the whole page, and what changed in it is taken over
// without touching what somebody is typing. What could not be saved yet lies in this tab's sessionStorage.
(() => {
  "use strict";
  const sheet = document.getElementById("sheet");
  const STORED = "jx-unsaved.";
  document.querySelectorAll('form[action="/logout"]').forEach((form) => form.addEventListener("submit", () => wipe("")));
  if (!sheet || !window.htmx) return;

  const AFTER_A_FIELD = 400;
  const IN_LONG_TEXT = 15000;
  const WAITS = [2000, 4000, 8000, 15000, 30000];
  const key = `${STORED}${sheet.dataset.person}.${sheet.dataset.task}`;
  const status = document.getElementById("status");
  const aloud = document.getElementById("aloud");
  const version = sheet.querySelector(':scope > [name="draft_version"]');
  const changed = new Map();
  let count = 0;
  let sent = null;
  let timer = null;
  let slow = null;
  let long = null;
  let tries = 0;
  let stopped = false;
  let leaving = false;
  let asked = false;
  let onward = null;
  let busy = false;
  let pressed = null;
  let isHeard = false;  // htmx answers to what it is sent once the whole page is there

  function wipe(except) {
    for (const name of Object.keys(sessionStorage)) {
      if (name.startsWith(STORED) && (!except || !name.startsWith(except))) sessionStorage.removeItem(name);
    }
  }
  const say = (sentence, state, loud) => {
    status.textContent = sentence;
    status.className = state;
    if (loud) aloud.textContent = sentence;
  };
  const controls = () => [...sheet.elements].filter((each) => each.name && each.type !== "hidden" && each.tagName !== "BUTTON");
  const valuesOf = (name) => new FormData(sheet).getAll(name);

  const store = () => {
    if (!changed.size) {
      sessionStorage.removeItem(key);
      return;
    }
    const fields = [...changed.keys()].map((name) => [name, valuesOf(name)]);
    sessionStorage.setItem(key, JSON.stringify({ version: version.value, sent: leaving, fields }));
  };
  const restore = () => {
    let kept = null;
    try {
      kept = JSON.parse(sessionStorage.getItem(key));
    } catch {
      sessionStorage.removeItem(key);
    }
    if (!kept || (kept.sent && kept.version !== version.value)) {
      sessionStorage.removeItem(key);
      return;
    }
    for (const [name, values] of kept.fields) put(name, values);
    if (!changed.size) return;
    version.value = kept.version;
    say("上次没有来得及保存的内容已放回，正在保存…", "jx-unsaved", true);
    schedule(0);
  };
  // What was typed before this script was there counts as typed.
  const isAsServed = (each) => {
    if (each.type === "checkbox" || each.type === "radio") return each.checked === each.defaultChecked;
    if (each.tagName !== "SELECT") return each.value === each.defaultValue;
    const served = [...each.options].find((option) => option.defaultSelected) || each.options[0];
    return each.value === served.value;
  };
  const takeEarly = () => {
    for (const each of controls()) if (!isAsServed(each)) changed.set(each.name, ++count);
    if (!changed.size) return;
    say("有修改，尚未保存", "jx-unsaved", false);
    schedule(AFTER_A_FIELD);
  };
  const put = (name, values) => {
    for (const each of controls().filter((one) => one.name === name)) {
      if (each.type === "checkbox" || each.type === "radio") each.checked = values.includes(each.value);
      else each.value = values[values.length - 1] ?? "";
      changed.set(name, ++count);
    }
  };

  const schedule = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(() => save(false), wait);
  };
  const save = (byHand) => {
    clearTimeout(timer);
    clearTimeout(long);
    long = null;
    if (stopped || leaving) return;
    asked = asked || byHand;
    if (!isHeard || busy || (!changed.size && !byHand)) return;  // what is on its way comes back first, then the rest goes
    window.htmx.trigger(sheet, "jx:save");
  };

  // ── what came back ─────────────────────────────────────────────────────────────────────────────────────────────
  const saved = (page) => {
    for (const [name, number] of sent) if (changed.get(name) === number) changed.delete(name);
    tries = 0;
    version.value = page.querySelector('#sheet > [name="draft_version"]').value;
    window.jxTakeOver(page, sheet);
    const at = page.getElementById("sheet").dataset.saved;
    say(`✓ 已保存 ${at}`, "jx-saved", asked);
    asked = false;
    store();
    if (changed.size) schedule(AFTER_A_FIELD);
    else if (onward) go(onward);
  };
  const again = () => {
    tries += 1;
    store();
    say(`网络中断，内容暂存在本页，正在重试（第 ${tries} 次）`, "jx-unsaved", tries === 1);
    timer = setTimeout(() => save(false), WAITS[Math.min(tries, WAITS.length) - 1]);
  };
  const notice = (page) => {
    const told = page.getElementById("notices") || page.querySelector(".jx-refusal, main");
    const here = document.getElementById("notices");
    here.innerHTML = told ? told.innerHTML : "";
    here.tabIndex = -1;
    here.scrollIntoView({ block: "start" });
    here.focus();
    return here;
  };
  const stop = (page) => {
    stopped = true;
    const here = notice(page);
    for (const each of controls()) {
      if (each.tagName === "TEXTAREA" || each.type === "text") each.readOnly = true;
      else each.disabled = true;
    }
    sheet.querySelectorAll("button").forEach((each) => { each.disabled = true; });
    const button = document.createElement("button");
    button.type = "button";
    button.className = "jx-button";
    button.textContent = "下载我的内容";
    button.addEventListener("click", download);
    here.append(button);
    say("没有保存", "jx-unsaved", true);
  };
  const download = () => {
    const named = (each) => {
      const label = each.labels && each.labels[0];
      const group = each.closest("fieldset");
      return (label ? label.textContent : group ? group.textContent : each.name).replace(/\s+/g, " ").trim();
    };
    const lines = controls()
      .filter((each) => (each.type === "checkbox" || each.type === "radio" ? each.checked : each.value))
      .map((each) => `${named(each)}：${each.tagName === "SELECT" ? each.selectedOptions[0].textContent : each.value}`);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`\ufeff${document.title}\r\n\r\n${lines.join("\r\n")}\r\n`], { type: "text/plain" }));
    link.download = "我填写的内容.txt";
    link.click();
    leaving = true;
  };
  const conflict = (page) => {
    stopped = true;
    notice(page);
    say("没有保存，请先选定用谁的", "jx-unsaved", true);
  };

  sheet.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target !== sheet) return;
    if (leaving) {
      event.preventDefault();
      return;
    }
    busy = true;
    sent = new Map(changed);
    slow = setTimeout(() => say("正在保存…", "", false), 400);
  });
  sheet.addEventListener("htmx:afterRequest", (event) => {
    if (event.target !== sheet) return;
    clearTimeout(slow);
    busy = false;
    const answer = event.detail.xhr;
    if (answer.status === 0 || answer.status >= 500) {
      pressed = null;
      again();
      return;
    }
    if (answer.status === 401) {
      pressed = null;
      store();
      document.dispatchEvent(new CustomEvent("jx:signed-out"));
      return;
    }
    const page = new DOMParser().parseFromString(answer.responseText, "text/html");
    if (answer.status === 200 && page.getElementById("sheet")) {
      saved(page);
      if (pressed) sheet.requestSubmit(pressed.button);
    }
    else if (page.getElementById("conflict")) conflict(page);
    else stop(page);
    pressed = null;
  });
  document.addEventListener("jx:signed-in", () => {
    say("已重新登录，正在保存…", "", false);
    schedule(0);
  });
  document.addEventListener("jx:save", (event) => {
    if (event.target === document) save(true);
  });
  window.addEventListener("online", () => changed.size && schedule(0));

  // ── typing, and leaving ────────────────────────────────────────────────────────────────────────────────────────
  sheet.addEventListener("input", (event) => {
    if (stopped || !event.target.name || event.target.name.startsWith("take.")) return;
    changed.set(event.target.name, ++count);
    store();
    if (event.target.tagName === "TEXTAREA" && long === null) long = setTimeout(() => save(false), IN_LONG_TEXT);
    if (!tries) say("有修改，尚未保存", "jx-unsaved", false);
  });
  sheet.addEventListener("focusout", () => changed.size && !tries && schedule(AFTER_A_FIELD));
  sheet.addEventListener("change", () => changed.size && !tries && schedule(AFTER_A_FIELD));
  sheet.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (busy && !stopped) {  // the draft has another version in a moment
      pressed = { button: event.submitter };
      event.preventDefault();
      return;
    }
    leaving = true;
    store();
  });
  const go = (address) => {
    leaving = true;
    location.assign(address);
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const stays = !link || link.target || link.hasAttribute("download") || link.getAttribute("href").startsWith("#");
    if (stays || !changed.size || stopped || tries || event.defaultPrevented || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    onward = link.href;
    save(false);
  });
  window.addEventListener("beforeunload", (event) => {
    if (!changed.size || leaving) return;
    event.preventDefault();
    event.returnValue = true;  // browsers before 2023 ask only for this
  });
  window.addEventListener("pageshow", () => { leaving = false; });

  document.addEventListener("DOMContentLoaded", () => {
    isHeard = true;
    save(asked);
  });
  wipe(`${STORED}${sheet.dataset.person}.`);
  takeEarly();
  restore();
})();
