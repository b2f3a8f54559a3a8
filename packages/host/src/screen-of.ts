/** What a person would see of a terminal that was sent these bytes: its rows, and where its cursor stands. */
export async function screenOf(
  bytes: Uint8Array,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): Promise<string> {
  const { emulator } = await import("@skein/term/emulator")
  const terminal = emulator({ size: { columns, rows }, reflows: true })
  terminal.write(bytes)
  const lines = terminal.lines()
  const { row, column, isShown } = terminal.caret()
  const last = Math.max(
    lines.findLastIndex((line) => line !== ""),
    row,
  )
  const cursor = isShown ? [`(cursor at row ${row + 1}, column ${column + 1})`] : []
  return [...lines.slice(0, last + 1), ...cursor].join("\n")
}
