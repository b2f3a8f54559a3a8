import { chmodSync, lstatSync, rmSync, statSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { attributeCalls } from "./attributes.ts"
import type { ToolSession } from "./session.ts"

const utf8 = (text: string) => Buffer.from(text)
const latin1 = (text: string) => Buffer.from(text, "latin1")
const utf16 = (isBig: boolean) => (text: string) => {
  const bytes = Buffer.from(text, "utf16le")
  return isBig ? bytes.swap16() : bytes
}

interface Sample {
  readonly bom: readonly number[]
  /** ASCII text in the encoding. */
  readonly ascii: (text: string) => Buffer
  /** Bytes that only this encoding has in this form. */
  readonly special: readonly number[]
}

const ENCODINGS: Readonly<Record<string, Sample>> = {
  utf8: { bom: [], ascii: utf8, special: [...utf8("ä你😀\u2028\ufffd")] },
  "utf8 with a byte order mark": { bom: [0xef, 0xbb, 0xbf], ascii: utf8, special: [...utf8("ä你😀\ufeff")] },
  utf16le: { bom: [0xff, 0xfe], ascii: utf16(false), special: [...utf16(false)("ä你😀"), 0x00, 0xd8] },
  utf16be: { bom: [0xfe, 0xff], ascii: utf16(true), special: [...utf16(true)("ä你😀"), 0xdc, 0x00] },
  cp1252: { bom: [], ascii: latin1, special: [0x93, 0x61, 0x80, 0x20, 0x81, 0x61, 0x9f] },
  latin1: { bom: [], ascii: latin1, special: [0xe9, 0x61, 0xff, 0x61, 0xa0] },
  gbk: { bom: [], ascii: latin1, special: [0xc4, 0xe3, 0xba, 0xc3, 0x81, 0x5c] },
  shiftJis: { bom: [], ascii: latin1, special: [0x93, 0xfa, 0x96, 0x7b, 0x83, 0x5c, 0xb1] },
  "utf8 with invalid bytes": { bom: [], ascii: utf8, special: [...utf8("ä你😀é"), 0xff, 0xc0, 0xe4, 0xbd] },
}

const LINE_ENDS: Readonly<Record<string, readonly [string, string, string]>> = {
  LF: ["\n", "\n", "\n"],
  CRLF: ["\r\n", "\r\n", "\r\n"],
  CR: ["\r", "\r", "\r"],
  mixed: ["\r\n", "\n", "\r"],
}

/** The same change by each tool: one line, and two lines in its place. */
const CALLS: readonly (readonly [tool: string, input: (path: string) => unknown, isLonger: boolean])[] = [
  ["edit", (path) => ({ path, oldText: "this(old)\ntail", newText: "this(new)\ntail" }), false],
  ["edit", (path) => ({ path, oldText: "(old)\n", newText: "(new\n2)\n" }), true],
  [
    "multiedit",
    (path) => ({
      path,
      edits: [
        ["old", "other"],
        ["other)\ntail", "new)\ntail"],
      ].map(([oldText, newText]) => ({ oldText, newText })),
    }),
    false,
  ],
  ["apply_patch", (path) => ({ patch: patch(path, "  keep this(new)") }), false],
  ["apply_patch", (path) => ({ patch: patch(path, "  keep this(new", "2)") }), true],
  ["apply_patch", (path) => ({ patch: diff(path, "  keep this(new)") }), false],
]

const added = (lines: readonly string[]) => ["-  keep this(old)", ...lines.map((line) => `+${line}`)]
const patch = (path: string, ...lines: readonly string[]) =>
  ["*** Begin Patch", `*** Update File: ${path}`, "@@", ...added(lines), "*** End Patch"].join("\n")
const diff = (path: string, ...lines: readonly string[]) =>
  [`--- a/${path}`, `+++ b/${path}`, "@@ -2,1 +2,1 @@", ...added(lines), ""].join("\n")

/** How many changes were made, and which of them changed a byte, a mode, a link or an attribute that was to stay. */
export async function runMatrix(
  session: ToolSession,
): Promise<{ readonly made: number; readonly wrong: readonly string[] }> {
  const attributes = await attributeCalls()
  const wrong: string[] = []
  let made = 0
  for (const [encoding, { bom, ascii, special }] of Object.entries(ENCODINGS)) {
    for (const [ends, [first, second, third]] of Object.entries(LINE_ENDS)) {
      for (const last of [third, ""]) {
        const before = Buffer.concat([Buffer.from(bom), Buffer.from(special), ascii(`head${first}  keep this(`)])
        const after = Buffer.concat([ascii(`)${second}tail `), Buffer.from(special), ascii(last)])
        const file = (middle: string) => Buffer.concat([before, ascii(middle), after])
        for (const [tool, input, isLonger] of CALLS) {
          const path = session.put("real.txt", file("old"))
          chmodSync(path, 0o640)
          const hasAttribute = attributes.set(path, "user.skein", "kept")
          rmSync(join(session.root, "link.txt"), { force: true })
          symlinkSync("real.txt", join(session.root, "link.txt"))
          session.observed.clear()
          const said = await session.say(tool, input("link.txt"))
          made += 1
          const isRight =
            session.bytes("real.txt").equals(file(isLonger ? `new${second}2` : "new")) &&
            (statSync(path).mode & 0o7777) === 0o640 &&
            lstatSync(join(session.root, "link.txt")).isSymbolicLink() &&
            (!hasAttribute || attributes.get(path, "user.skein") === "kept")
          if (!isRight) wrong.push(`${tool}, ${encoding}, ${ends}, ${last === "" ? "without" : "with"} an end: ${said}`)
        }
      }
    }
  }
  return { made, wrong }
}
