// A picture as it is seen: how much of it has which colour. Of PNG (its specification, 9 and 11) what browsers write: eight
// bits for each of red, green and blue, and perhaps for what shows through, not interlaced.
import assert from 'node:assert/strict';
import { inflateSync } from 'node:zlib';

/** @returns of each colour, as `0,128,128`, the share of the picture that has it */
export function coloursOf(png: Buffer): ReadonlyMap<string, number> {
  const chunks = chunksOf(png);
  const head = chunks.find(({ type }) => type === 'IHDR')?.data ?? Buffer.alloc(13);
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  const size = ({ '8,2': 3, '8,6': 4 } as Readonly<Record<string, number>>)[head.subarray(8, 10).join()] ?? 0;
  assert.ok(size > 0 && head[12] === 0, `a picture of another kind: ${head.subarray(8).join()}`);
  const packed = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data);
  const colours = new Map<string, number>();
  for (const line of linesOf(inflateSync(Buffer.concat(packed)), width * size, height, size)) {
    for (let at = 0; at < line.length; at += size) {
      const colour = line.subarray(at, at + 3).join();
      colours.set(colour, (colours.get(colour) ?? 0) + 1 / (width * height));
    }
  }
  return colours;
}

function chunksOf(png: Buffer) {
  const chunks = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return chunks;
}

/** Each byte stands there as what it differs by from those left of it and above. */
function* linesOf(bytes: Buffer, length: number, height: number, size: number): Generator<Buffer> {
  let above = Buffer.alloc(length);
  for (let row = 0; row < height; row += 1) {
    const start = row * (length + 1);
    const filter = bytes[start] ?? 0;
    const line = Buffer.from(bytes.subarray(start + 1, start + 1 + length));
    for (let at = 0; at < length; at += 1) {
      const [a, b, c] = [line[at - size] ?? 0, above[at] ?? 0, at < size ? 0 : (above[at - size] ?? 0)];
      const by = [0, a, b, (a + b) >> 1, paeth(a, b, c)][filter] ?? assert.fail(`filter ${filter}`);
      line[at] = (line[at] ?? 0) + by;
    }
    yield line;
    above = line;
  }
}

/** The nearest of the three to left + above - both. */
function paeth(a: number, b: number, c: number): number {
  const [toA, toB, toC] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return toA <= toB && toA <= toC ? a : toB <= toC ? b : c;
}
