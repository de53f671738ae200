{
  const { make } = ganzoo.parts;

  // The row of models. props.value is the chosen id, props.cards what everybody sees, props.joined what the visitor has
  // just opened.
  ganzoo.cards = ({ element, props, trigger, watch }) => {
    const row = make("div", { role: "radiogroup", "aria-label": "Models", class: "gz-cards" });
    element.append(row);
    const mark = () => {
      for (const card of row.children) {
        const on = card.dataset.id === props.value;
        card.setAttribute("aria-checked", on);
        card.tabIndex = on ? 0 : -1;
      }
    };
    const choose = (card, again = false) => {
      if (!card || (card.dataset.id === props.value && !again)) return;
      props.value = card.dataset.id;
      mark();
      card.scrollIntoView({ block: "nearest", inline: "nearest" });
      trigger("select");
    };
    const joined = new Map(); // of this visit alone
    row.addEventListener("click", (event) => choose(event.target.closest("[role=radio]")));
    row.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
      if (!step) return;
      const all = [...row.children];
      const next = all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
      next.focus();
      choose(next);
      event.preventDefault();
    });
    // A card that stays keeps its elements: the visitor may have pressed one of them already, and a click on what has
    // gone when the button is let go is none.
    const draw = () => {
      const there = new Map([...row.children].map((card) => [card.dataset.id, card]));
      const cards = [...props.cards, ...joined.values()].map((card) => {
        const mat = make("div", { class: "gz-thumb" }), words = make("div", {}, make("strong"), make("span"), make("span"));
        const element = there.get(card.id) ?? make("div", { role: "radio", "data-id": card.id, "data-link": card.link }, mat, words);
        const [thumb, text] = element.children;
        if (!card.src) thumb.replaceChildren();
        else if (!thumb.firstChild) thumb.append(make("img", { src: card.src, alt: "", draggable: "false" }));
        else if (thumb.firstChild.src !== card.src) thumb.firstChild.src = card.src;
        const [title, dataset, score] = text.children;
        title.textContent = card.title;
        dataset.textContent = card.dataset;
        if (card.exhibit) dataset.append(" · ", make("em", {}, card.exhibit));
        score.textContent = card.score?.text ?? "";
        score.title = card.score?.protocol ?? "";
        element.title = [card.id, card.exhibit].filter(Boolean).join(": ");
        return element;
      });
      const same = cards.length === row.children.length && cards.every((card, i) => card === row.children[i]);
      if (!same) row.replaceChildren(...cards);
      mark();
      if (!cards.some((card) => card.dataset.id === props.value)) choose(cards[0]); // the chosen one is no longer there
    };
    watch("cards", draw);
    watch("joined", () => {
      const { card } = props.joined;
      joined.set(card.id, card);
      draw();
      choose([...row.children].find((one) => one.dataset.id === card.id), true);
    });
    watch("restored", () => choose([...row.children].find((one) => one.dataset.id === props.restored.id)));
    watch("value", mark);
    draw();
  };
}
