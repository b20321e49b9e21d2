// 指标库 beside the form: the same page as without scripts, opened in a drawer. What is chosen there is sent with the
// whole form, so that nothing typed is lost. Led elsewhere, the button does what it does without us.
(() => {
  "use strict";
  const sheet = document.getElementById("sheet");
  if (!sheet || !window.fetch || sheet.dataset.library) return;
  sheet.dataset.library = "on";
  let drawer = null;
  let opener = null;

  const close = () => {
    if (!drawer) return;
    drawer.remove();
    drawer = null;
    if (opener) opener.focus();
  };
  const begin = () => {
    const shut = document.createElement("button");
    shut.type = "button";
    shut.className = "jx-button jx-drawer__close";
    shut.textContent = "关闭";
    shut.addEventListener("click", close);
    drawer = document.createElement("aside");
    drawer.className = "jx-drawer";
    drawer.setAttribute("role", "dialog");
    drawer.setAttribute("aria-label", "指标库");
    drawer.append(shut);
    document.body.append(drawer);
    shut.focus();
  };
  const show = async (address) => {
    if (!drawer) begin();
    const here = drawer;
    let text = null;
    try {
      text = await window.jxRead(here, address, () => show(address).catch(() => fallBack(address)));
    } catch (elsewhere) {
      close();
      throw elsewhere;
    }
    if (text === null || here !== drawer) return;
    const library = new DOMParser().parseFromString(text, "text/html").getElementById("library");
    drawer.replaceChildren(drawer.querySelector(".jx-drawer__close"), document.importNode(library, true));
    (drawer.querySelector("input[type=search]") || drawer.querySelector(".jx-drawer__close")).focus();
  };
  const fallBack = (address) => {
    window.location.assign(address);
  };
  const take = (form) => {
    const send = document.createElement("button");
    send.hidden = true;
    send.formAction = form.action;
    const chosen = [...form.querySelectorAll("input[name=code]:checked, input[name=table]")].map((each) => {
      const copy = document.createElement("input");
      copy.type = "hidden";
      copy.name = each.name;
      copy.value = each.value;
      return copy;
    });
    sheet.append(...chosen, send);
    sheet.requestSubmit(send);
  };

  document.addEventListener("click", (pressed) => {
    const button = pressed.target.closest("button[data-library]");
    if (button && !button.dataset.tried) {
      pressed.preventDefault();
      opener = button;
      show(button.dataset.library).catch(() => {
        button.dataset.tried = "yes";
        button.click();
      });
      return;
    }
    const link = drawer && pressed.target.closest(".jx-drawer a[href]");
    if (link && link.pathname === new URL(opener.dataset.library, window.location).pathname) {
      pressed.preventDefault();
      show(link.href).catch(() => fallBack(link.href));
    }
  });
  document.addEventListener("submit", (sent) => {
    if (!drawer || !drawer.contains(sent.target)) return;
    sent.preventDefault();
    if (sent.target.method === "post") {
      take(sent.target);
      return;
    }
    const address = new URL(sent.target.action);
    address.search = new URLSearchParams(new FormData(sent.target)).toString();
    show(address.href).catch(() => fallBack(address.href));
  });
  document.addEventListener("keydown", (pressed) => {
    if (pressed.key === "Escape" && drawer && !pressed.isComposing) close();
  });
})();
