// The texts of the page's charts that are cut off by their chart, or lie on one another.
() => {
  const corners = (text) => {
    const { x, y, width, height } = text.getBBox();
    const matrix = text.getScreenCTM();
    // What is around letters is empty: a seventh above and below.
    const [top, bottom] = [y + height / 7, y + (height * 6) / 7];
    return [[x, top], [x + width, top], [x + width, bottom], [x, bottom]].map(([a, b]) => {
      const point = new DOMPoint(a, b).matrixTransform(matrix);
      return [point.x, point.y];
    });
  };
  // Two rectangles lie apart if they do so along a side of one of them.
  const apart = (one, two) => {
    for (const [from, to] of [[one[0], one[1]], [one[1], one[2]], [two[0], two[1]], [two[1], two[2]]]) {
      const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
      const side = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
      const along = (shape) => shape.map((point) => point[0] * side[0] + point[1] * side[1]);
      const [a, b] = [along(one), along(two)];
      if (Math.max(...a) <= Math.min(...b) + 1 || Math.max(...b) <= Math.min(...a) + 1) return true;
    }
    return false;
  };
  const seen = (text) => text.textContent.trim() && getComputedStyle(text).opacity > 0;
  const found = [];
  for (const svg of document.querySelectorAll("[data-chart] svg")) {
    const frame = svg.getBoundingClientRect();
    if (frame.right > svg.closest(".panel").getBoundingClientRect().right) {
      found.push("a chart is wider than its panel");
    }
    const texts = [...svg.querySelectorAll("text")].filter(seen);
    const shapes = texts.map(corners);
    shapes.forEach((shape, i) => {
      const name = texts[i].textContent;
      const inside = shape.every(([x, y]) => x >= frame.left - 1 && x <= frame.right + 1
        && y >= frame.top - 1 && y <= frame.bottom + 1);
      if (!inside) found.push(`cut off: ${name}`);
      for (let j = i + 1; j < shapes.length; j++) {
        if (!apart(shape, shapes[j])) found.push(`on each other: ${name} and ${texts[j].textContent}`);
      }
    });
  }
  for (const element of document.querySelectorAll("h1, h2, p, li, figcaption, nav, header")) {
    if (element.scrollWidth > element.clientWidth + 1) found.push(`too wide: ${element.textContent}`);
  }
  return found;
}
