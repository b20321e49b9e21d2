// The session: told of five minutes before it ends, and begun again where one stands, with the page covered meanwhile.
(() => {
  "use strict";
  const sheet = document.getElementById("sheet");
  const soon = document.getElementById("soon");
  const cover = document.getElementById("signed-out");
  if (!sheet || !soon || !cover) return;
  const MINUTE = 60000;
  const form = cover.querySelector("form");
  const refused = document.getElementById("signed-out-refused");
  let timers = [];

  const heard = () => {
    timers.forEach(clearTimeout);
    const idle = Number(sheet.dataset.idle);
    timers = [
      setTimeout(() => !cover.open && soon.showModal(), (idle - 5) * MINUTE),
      setTimeout(shut, idle * MINUTE),
    ];
  };
  const shut = () => {
    if (cover.open) return;
    if (soon.open) soon.close();
    const saved = document.getElementById("status").textContent;
    document.getElementById("signed-out-saved").textContent = saved.startsWith("✓") ? `，${saved.slice(2).replace("已保存", "已保存到")}` : "，刚填的内容还在本页，登录后自动保存";
    document.body.classList.add("jx-covered");
    cover.showModal();
  };
  const parsed = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");
  const refuse = (sentence) => {
    refused.textContent = sentence;
    refused.hidden = false;
  };
  const wipe = (to) => {
    sheet.dispatchEvent(new Event("submit"));  // it leaves without a warning
    Object.keys(sessionStorage).filter((name) => name.startsWith("jx-unsaved.")).forEach((name) => sessionStorage.removeItem(name));
    location.assign(to);
  };
  // Whoever signed in is the one who was here: go on with the words of the new session.
  const goOn = (page, answer) => {
    const path = new URL(answer.url).pathname;
    if (path === "/identity" || path === "/password") {
      refuse("登录成功，还要先选定身份或修改密码。请在新窗口办好后，再按“登录”继续。");
      return;
    }
    const who = page.querySelector("[data-actor]");
    if (!answer.ok || !who || who.dataset.actor !== sheet.dataset.person) {
      wipe("/");
      return;
    }
    const word = page.querySelector('[name="_word"]').value;
    document.querySelectorAll('[name="_word"]').forEach((each) => { each.value = word; });
    form.reset();
    refused.hidden = true;
    document.body.classList.remove("jx-covered");
    cover.close();
    heard();
    document.dispatchEvent(new CustomEvent("jx:signed-in"));
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    try {
      const door = await parsed(await fetch("/login", { cache: "no-store" }));
      const told = new URLSearchParams(new FormData(form));
      told.set("_word", door.querySelector('form [name="login"]').form.elements._word.value);
      told.set("jurisdiction", sheet.dataset.place);
      told.set("next", location.pathname);
      const answer = await fetch("/login", { method: "POST", body: told });
      const page = await parsed(answer);
      if (new URL(answer.url).pathname === "/login") refuse(page.getElementById("refusal")?.textContent || "没有登录成功，请再试。");
      else goOn(page, answer);
    } catch {
      refuse("网络中断，没有登录成功。请稍后再试。");
    }
  });
  document.getElementById("came-in")?.addEventListener("click", async () => {
    const answer = await fetch(location.pathname, { cache: "no-store" }).catch(() => null);
    if (!answer) refuse("网络中断，没有核对登录。请稍后再试。");
    else if (new URL(answer.url).pathname === "/login") refuse("还没有登录。请先在新窗口登录，再按“继续”。");
    else goOn(await parsed(answer), answer);
  });
  // Esc closes a dialog, whatever it is told, in browsers from 2024 on.
  cover.addEventListener("close", () => document.body.classList.contains("jx-covered") && cover.showModal());
  document.getElementById("stay").addEventListener("click", async () => {
    soon.close();
    const answer = await fetch(location.pathname, { headers: { "HX-Request": "true" }, cache: "no-store" }).catch(() => null);
    if (answer && answer.status === 401) shut();
    else if (answer) heard();
  });
  document.getElementById("somebody-else").addEventListener("click", () => {
    document.getElementById("sure-somebody-else").hidden = false;
  });
  document.getElementById("wipe").addEventListener("click", () => wipe("/login"));
  document.addEventListener("jx:signed-out", shut);
  sheet.addEventListener("htmx:afterRequest", (event) => event.detail.successful && heard());
  heard();
})();
