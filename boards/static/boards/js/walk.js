/** The card one step away: up and down in the column, left and right at the same height, top and bottom of the column. */
export function step(board, id, direction) {
  const found = board.lists.find(id);
  if (!found) return null;
  const list = board.lists.visible(found.column);
  if (direction === "left" || direction === "right") return across(board, found, direction === "left" ? -1 : 1);
  const to = { up: found.index - 1, down: found.index + 1, top: 0, bottom: list.length - 1 }[direction];
  return list[to]?.id ?? null;
}

function across(board, { column, index }, by) {
  const { columns } = board.store;
  const views = board.canvas.views;
  const from = views.get(column).list;
  const height = (from.geometry.tops[index] + from.geometry.tops[index + 1]) / 2 - from.top;
  for (let at = columns.findIndex(({ number }) => number === column) + by; columns[at]; at += by) {
    const { number } = columns[at];
    const list = board.lists.visible(number);
    if (!list.length || views.get(number).isFolded) continue;
    const { geometry, top } = views.get(number).list;
    return list[geometry.indexAt(Math.max(0, height + top))].id;
  }
  return null;
}
