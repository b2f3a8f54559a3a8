/** A bitmap of Windows, each pixel as 0xRRGGBB, rows from the top. */
export function bitmap(
  rows: readonly (readonly number[])[],
  how: { bits: 24 | 32; isFile: boolean; isTopDown?: boolean },
) {
  const width = rows[0]?.length ?? 0
  const stride = Math.ceil((width * how.bits) / 32) * 4
  const pixels = Buffer.alloc(stride * rows.length)
  const ordered = how.isTopDown === true ? rows : rows.toReversed()
  for (const [row, colors] of ordered.entries()) {
    for (const [column, color] of colors.entries()) {
      pixels.writeUIntLE(color, row * stride + column * (how.bits / 8), 3)
    }
  }
  const info = Buffer.alloc(40)
  info.writeUInt32LE(40, 0)
  info.writeInt32LE(width, 4)
  info.writeInt32LE(how.isTopDown === true ? -rows.length : rows.length, 8)
  info.writeUInt16LE(1, 12)
  info.writeUInt16LE(how.bits, 14)
  if (!how.isFile) return Buffer.concat([info, pixels])
  const file = Buffer.alloc(14)
  file.write("BM")
  file.writeUInt32LE(54, 10)
  return Buffer.concat([file, info, pixels])
}
