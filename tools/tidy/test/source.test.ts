import { expect, test } from "bun:test"
import { exportsOf } from "../src/source/exports.ts"
import { importsOf, stringsOf } from "../src/source/imports.ts"
import { commentsOf, mask } from "../src/source/mask.ts"

test("the mask keeps code and its offsets, and blanks strings, comments, templates and patterns", () => {
  const source = [
    `const a = "import x from 'y'" // import z from "w"`,
    "const b = `text ${call({ c: `inner ${d} }` })} more` /* any */ + e",
    `const f = /["'\`/*]/.test(g) ? h / i : [/[/]"/u]`,
    `const k = 'it\\'s' + l`,
  ].join("\n")
  const masked = mask(source)

  expect(masked.length).toBe(source.length)
  expect(masked.match(/[A-Za-z]+/g)?.join(" ")).toBe("const a const b call c d e const f test g h i u const k l")
  for (const name of ["call", "inner", "more", "g)", "h /", "l"]) {
    const at = source.indexOf(name)
    expect([name, masked.slice(at, at + name.length).trim() === ""]).toEqual([name, ["inner", "more"].includes(name)])
  }
})

test("comments are found where they are comments, and not in text", () => {
  const source =
    '#!/usr/bin/env bun\nconst url = "http://x" // one\nconst t = `// no`\n/* two\n   lines */ const r = /\\/\\/ no/'

  expect(commentsOf(source).map(({ text }) => text)).toEqual(["#!/usr/bin/env bun", "// one", "/* two\n   lines */"])
})

test("every way to name a module is found, with its kind and line", () => {
  const source = `import "./side.ts"
import { a, type B } from "./named.ts"
import type { C } from "./types.ts"
import type D from "./one-type.ts"
import * as e from "e"
import f, { g } from "@skein/core/ports"
import text from "./page.md" with { type: "text" }
export { h } from "./again.ts"
export type { I } from './type-again.ts'
export * from "./star.ts"
export const j = () => import("./lazy.ts")
const k = require("k")
const l = "import m from 'not-a-module'" // import n from "not-a-module"
export const from = 1
`
  expect(importsOf(source).map(({ kind, specifier, line }) => `${line} ${kind} ${specifier}`)).toEqual([
    "1 static ./side.ts",
    "2 static ./named.ts",
    "3 type ./types.ts",
    "4 type ./one-type.ts",
    "5 static e",
    "6 static @skein/core/ports",
    "7 static ./page.md",
    "8 static ./again.ts",
    "9 type ./type-again.ts",
    "10 static ./star.ts",
    "11 dynamic ./lazy.ts",
    "12 dynamic k",
  ])
})

test("the extractor agrees with Bun's own scanner about this package", async () => {
  const transpiler = new Bun.Transpiler({ loader: "ts" })
  for await (const path of new Bun.Glob("**/*.ts").scan(import.meta.dir.replace(/\/test$/, ""))) {
    const source = await Bun.file(`${import.meta.dir}/../${path}`).text()
    const ours = new Set(importsOf(source).map(({ specifier }) => specifier))
    for (const { path: specifier } of transpiler.scanImports(source.replace(/^#!.*/, "")))
      expect([path, ours.has(specifier), specifier]).toEqual([path, true, specifier])
  }
})

test("exports are listed by the name a reader imports, types marked", () => {
  const source = `export interface Engine {}
export type Op = 1
export const MODES = []
export async function run() {}
export function* steps() {}
export class SkeinError {}
export { a, b as c, type D } from "./x.ts"
export type { E } from "./y.ts"
const hidden = "export const no = 1"
`
  expect(exportsOf(source)).toEqual([
    "MODES",
    "SkeinError",
    "a",
    "c",
    "run",
    "steps",
    "type D",
    "type E",
    "type Engine",
    "type Op",
  ])
})

test("the strings of a file are found without those that are computed", () => {
  expect(stringsOf("spawn(\"./server.ts\", `./plain.ts`, `${dir}/no.ts`, '')")).toEqual([
    "./server.ts",
    "./plain.ts",
    "",
  ])
})
