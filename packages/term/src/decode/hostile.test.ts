import { expect, test } from "bun:test"
import type { Input } from "../input.ts"
import { InputDecoder } from "./decoder.ts"

const ESC = "\u001b"
const BEL = "\u0007"
const ST = `${ESC}\\`
const JUNK = "y".repeat(1_000_000)

/** Answers as a terminal gives them that was told what to say: a title, a setting, a name that somebody else chose. */
const ANSWERS: Readonly<Record<string, string>> = {
  "a title": `${ESC}]ly${ST}`,
  "an icon's label": `${ESC}]Ly${BEL}`,
  "a title of escapes": `${ESC}]l${ESC}[31my${ESC}]52;c;eQ==${ST}`,
  "a setting": `${ESC}P1$ry\ny\r${ST}`,
  "a setting that is none": `${ESC}P0$ry${ST}`,
  "a name with escapes": `${ESC}P>|evil${ESC}]0;xy${ESC}[200~y\r${ESC}[201~y${ST}`,
  "a name with newlines": `${ESC}P>|evil\ry\ny${ST}`,
  "a color with junk": `${ESC}]11;rgb:y/y/y\ry${ST}`,
  "a color of a megabyte": `${ESC}]11;${JUNK}${ST}`,
  "a name of a megabyte": `${ESC}P>|${JUNK}${ST}`,
  "graphics of a megabyte": `${ESC}_G${JUNK}${ST}`,
  "a clipboard": `${ESC}]52;c;eQ0=${ST}`,
  "many cursors": `${ESC}[1;1R`.repeat(10_000),
  "a number without end": `${ESC}[${"1".repeat(100_000)}c`,
  capabilities: `${ESC}P1+r544e=79${ST}`,
  "window reports": `${ESC}[8;1;1t${ESC}[3;0;0t${ESC}[4;1;1t`,
}

test.each(Object.entries(ANSWERS))("%s is no key and no text, however it is cut", (_, answer) => {
  const bytes = new TextEncoder().encode(answer)
  const sizes = bytes.length > 50_000 ? [4_096, 65_535, 65_536, 65_537] : [bytes.length, 1, 3, 7]
  for (const size of sizes) {
    const decoder = new InputDecoder()
    const inputs: Input[] = []
    for (let at = 0; at < bytes.length; at += size) inputs.push(...decoder.feed(bytes.subarray(at, at + size)))
    inputs.push(...decoder.feed(new TextEncoder().encode("z")))
    // A key of the person's own comes through behind it.
    expect(inputs.filter(isTyped)).toEqual([{ kind: "key", chord: "z", text: "z" }])
  }
})

function isTyped(input: Input): boolean {
  return input.kind === "paste" || (input.kind === "key" && input.chord !== "f3" && !/\+f3$/.test(input.chord))
}
