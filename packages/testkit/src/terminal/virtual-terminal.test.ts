import { expect, test } from "bun:test"
import { virtualTerminal } from "./virtual-terminal.ts"

test("bytes become rows, cells and a cursor", async () => {
  const terminal = virtualTerminal({ columns: 10, rows: 3 })
  await terminal.write("a\u001b[1;31m日\u001b[0m\r\nb\u001b[?25l")
  expect(terminal.screen()).toEqual(["a日", "b", ""])
  expect(terminal.cursor).toEqual({ row: 1, column: 1, isHidden: true })
  expect(
    terminal
      .cells(0)
      .slice(0, 3)
      .map(({ text, columns, foreground, isBold }) => ({ text, columns, foreground, isBold })),
  ).toEqual([
    { text: "a", columns: 1, foreground: "default", isBold: false },
    { text: "日", columns: 2, foreground: 1, isBold: true },
    { text: "", columns: 0, foreground: 1, isBold: true },
  ])
})

test("rows that leave the screen are in the scrollback, and wrapped ones are one line of text", async () => {
  const terminal = virtualTerminal({ columns: 5, rows: 2 })
  await terminal.write("one\r\nabcdefgh\r\nend")
  expect([terminal.scrollback(), terminal.screen(), terminal.text()]).toEqual([
    ["one", "abcde"],
    ["fgh", "end"],
    ["one", "abcdefgh", "end"],
  ])
})

test("clusters have the width that terminals of today give them, or that of 2016", async () => {
  for (const [widths, columns] of [
    ["modern", 4],
    ["2016", 5],
  ] as const) {
    const terminal = virtualTerminal({ columns: 40, rows: 1, widths })
    await terminal.write("👨‍👩‍👧🇩🇪")
    expect([widths, terminal.cursor.column]).toEqual([widths, columns])
  }
})

test("questions are answered as a terminal answers them", async () => {
  const replies: string[] = []
  const terminal = virtualTerminal({
    onReply: (bytes) => replies.push(bytes),
    name: "test 2",
    background: "#102030",
    pixels: [800, 600],
  })
  await terminal.write("ab\u001b[6n\u001b[c\u001b[>q\u001b[?2026$p\u001b]11;?\u001b\\\u001b[?u\u001b[14t")
  expect(replies).toEqual([
    "\u001b[1;3R",
    "\u001b[?1;2c",
    "\u001bP>|test 2\u001b\\",
    "\u001b[?2026;2$y",
    "\u001b]11;rgb:1010/2020/3030\u001b\\",
    "\u001b[?0u",
    "\u001b[4;600;800t",
  ])
})

test("a picture places every character by its column", async () => {
  const terminal = virtualTerminal({ columns: 4, rows: 1 })
  await terminal.write("a\u001b[7m<\u001b[0m")
  const svg = terminal.paint()
  expect(svg).toContain('<text x="14" y="29" fill="#d4d4d4">a</text>')
  expect(svg).toContain('<text x="23" y="29" fill="#141414">&lt;</text>')
})
