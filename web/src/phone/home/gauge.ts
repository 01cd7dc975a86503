/** The geometry of the gauge: an arc of 240 degrees around the origin, radius 100, from lower left to lower right. */
const SWEEP = 240;
const START = 150;

export interface Scale {
  min: number;
  max: number;
}

/** A value's share of the scale, 0 to 1; what lies outside is at the end. */
export function share(value: number, { min, max }: Scale): number {
  return max > min ? Math.min(1, Math.max(0, (value - min) / (max - min))) : 0;
}

function point(part: number, radius = 100): string {
  const angle = ((START + SWEEP * part) * Math.PI) / 180;
  return `${(radius * Math.cos(angle)).toFixed(2)} ${(radius * Math.sin(angle)).toFixed(2)}`;
}

/** An SVG path along the arc from one share to another. */
export function arc(from: number, to: number): string {
  const large = (to - from) * SWEEP > 180 ? 1 : 0;
  return `M${point(from)}A100 100 0 ${large} 1 ${point(to)}`;
}

/** Where a mark stands on the arc. */
export function spot(part: number): { x: number; y: number } {
  const [x, y] = point(part).split(" ").map(Number);
  return { x: x ?? 0, y: y ?? 0 };
}
