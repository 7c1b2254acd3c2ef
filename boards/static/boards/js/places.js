/** The anchors of a place in a list: the neighbours it would have. A ticket that has no number yet anchors nothing. */
export function placeAt(list, index, column, id) {
  const others = list.filter((ticket) => ticket.id !== id);
  const after = others.slice(0, index).findLast(isKnown);
  const before = others.slice(index).find(isKnown);
  return { column, after: after?.id ?? null, before: before?.id ?? null };
}

export const topOf = (lists, column, id) => placeAt(lists.all(column), 0, column, id);

export const bottomOf = (lists, column, id) => placeAt(lists.all(column), Infinity, column, id);

const isKnown = (ticket) => ticket.number !== null;
