/** Where a card held at a point would land: {view, gap, line}; the column is the nearest one across. */
export function findTarget(canvas, point) {
  const board = canvas.root.getBoundingClientRect();
  if (point.y < board.top - 80 || point.y > board.bottom + 80) return null;
  const x = point.x - board.left + canvas.root.scrollLeft;
  const view = nearest(canvas.views.values(), x);
  if (!view) return null;
  if (view.isFolded) return { view, gap: Infinity, line: null };
  const { grid, geometry } = view.list;
  if (grid.hidden) return { view, gap: 0, line: lineBelow(view.head.getBoundingClientRect(), 4) };
  const box = grid.getBoundingClientRect();
  const top = grid.scrollTop;
  const gap = geometry.gapAt(Math.max(0, point.y - box.top + top));
  const y = Math.min(Math.max(box.top + geometry.tops[gap] - top, box.top), box.bottom);
  return { view, gap, line: { x: box.left, y, width: grid.clientWidth } };
}

function nearest(views, x) {
  let best = null;
  let distance = Infinity;
  for (const view of views) {
    const away = Math.max(view.left - x, x - view.right, 0);
    if (away < distance) [best, distance] = [view, away];
  }
  return best;
}

const lineBelow = (box, gap) => ({ x: box.left + gap, y: box.bottom + gap, width: box.width - 2 * gap });
