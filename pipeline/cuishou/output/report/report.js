// Hides what the filter does not want. It reads attributes that the page was written with and never makes markup.
(() => {
  const form = document.getElementById("filter");
  if (!form) return;
  const rows = [...document.querySelectorAll("[data-t]")];
  const counted = [...document.querySelectorAll("#appendix [data-t]")];
  const chunks = [...document.querySelectorAll("#appendix .chunk")];
  const shown = document.getElementById("shown");
  const wanted = () => ({
    tags: new Set([...form.querySelectorAll("input[name=tag]:checked")].map((box) => box.value)),
    sender: form.elements.sender.value,
    from: form.elements.from.value,
    to: form.elements.to.value,
    text: form.elements.text.value.trim().toLowerCase(),
  });
  const fits = (row, w) =>
    w.tags.has(row.dataset.t) &&
    (w.sender === "" || row.dataset.s === w.sender) &&
    (w.from === "" || (row.dataset.d !== "" && row.dataset.d >= w.from)) &&
    (w.to === "" || (row.dataset.d !== "" && row.dataset.d <= w.to)) &&
    (w.text === "" || texts().get(row.dataset.n).includes(w.text));

  // A collection message stands in full above and as a line in the appendix: both are found by the text of both.
  let known = null;
  const texts = () => {
    if (known === null) {
      known = new Map();
      for (const row of rows) known.set(row.dataset.n, (known.get(row.dataset.n) || "") + "\n" + row.textContent.toLowerCase());
    }
    return known;
  };

  const apply = () => {
    const w = wanted();
    for (const row of rows) {
      const hide = !fits(row, w);
      if (row.hidden !== hide) row.hidden = hide;
    }
    for (const chunk of chunks) chunk.hidden = !chunk.querySelector("[data-t]:not([hidden])");
    const left = counted.reduce((count, row) => count + !row.hidden, 0);
    shown.textContent = shown.dataset.form.replace("{shown}", left).replace("{total}", counted.length);
  };
  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  document.getElementById("print").addEventListener("click", () => window.print());
  document.documentElement.classList.add("scripted");
  apply();

  // Browsers print what is folded up as folded up; on paper everything counts.
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const part of folded) part.open = true;
  });
  window.addEventListener("afterprint", () => { for (const part of folded) part.open = false; });

  const appendix = document.getElementById("appendix");
  // A link to a message in the closed appendix opens it.
  const open = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (target && appendix.contains(target)) { appendix.open = true; target.scrollIntoView(); }
  };
  window.addEventListener("hashchange", open);
  open();
})();
