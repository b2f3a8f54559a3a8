import { expect, test } from "bun:test"
import { callsOf, factsOf, isReadable } from "./reading.ts"

/** Definitions as `kind name`, indented by their depth; then calls, then imports. */
async function said(path: string, code: string): Promise<string> {
  const facts = await factsOf(path, code)
  const found = await callsOf(path, code)
  const definitions = facts?.definitions.map(({ depth, kind, name }) => `${"  ".repeat(depth)}${kind} ${name}`) ?? []
  const calls = found?.calls.map(({ callee }) => callee).join(" ")
  return [...definitions, `calls: ${calls}`, `imports: ${facts?.imports.join(" ")}`].join("\n")
}

const SAMPLES: readonly (readonly [path: string, code: string, expected: string])[] = [
  [
    "a.ts",
    `import { x } from "./b"\nexport { y } from './c'\nexport const K = 3\nexport const f = async () => { g() }
     abstract class A { m() { this.q(); new Z() } fld = () => 2; abstract z(): void }\ninterface I { a: 1 }
     type T = { a: 1 }\nenum E { A }\nnamespace N { export function inner() {} }`,
    `constant K\nfunction f\nclass A\n  method m\n  method fld\n  method z\ninterface I\ntype T\nenum E\nmodule N
  function inner\ncalls: g q Z\nimports: ./b ./c`,
  ],
  ["a.tsx", "const App = () => <Foo><Bar/></Foo>", "function App\ncalls: Foo Bar\nimports: "],
  [
    "a.js",
    `const fs = require("fs"); function bar() { fs.read() }`,
    "constant fs\nfunction bar\ncalls: require read\nimports: fs",
  ],
  [
    "a.py",
    `import os.path\nfrom .x import y\nimport a as b\nMAX = 3\nclass A(B):\n  def m(self):\n    return foo(self.bar())`,
    "constant MAX\nclass A\n  function m\ncalls: foo bar\nimports: os.path .x a",
  ],
  [
    "a.go",
    `package a\nimport ("fmt"; x "a/b")\nconst C = 1\nvar V int\ntype S struct { a int }\nfunc (s *S) M() { fmt.Println(); foo() }`,
    `constant C\nvariable V\ntype S\nmethod M\ncalls: Println foo\nimports: "fmt" "a/b"`,
  ],
  [
    "a.rs",
    `use crate::a::{b, c};\nmod m;\nmod n { fn inner() {} }\npub struct S { a: u8 }\nimpl Tr for S { fn m(&self) { self.k(); a::b(); foo!() } }
     trait Tr { fn sig(&self); }\nenum E { A }\nconst C: u8 = 1;\nmacro_rules! mm { () => {} }`,
    `module n\n  function inner\nstruct S\nimpl S\n  function m\ntrait Tr\n  function sig\nenum E\nconstant C\nmacro mm
calls: k b foo\nimports: crate::a::{b, c} m`,
  ],
  [
    "A.java",
    `import a.b.C;\npublic class A { A() {} int m() { return foo(new B()); } }\ninterface I { void q(); }\nenum E { A }\nrecord R(int a) {}`,
    "class A\n  method A\n  method m\ninterface I\n  method q\nenum E\nclass R\ncalls: foo B\nimports: a.b.C",
  ],
  [
    "a.rb",
    `require_relative "x/y"\nmodule M\n class A\n  def m\n   foo(1)\n   self.bar\n  end\n  def self.s; end\n end\nend\nK = 1`,
    "module M\n  class A\n    method m\n    method s\nconstant K\ncalls: require_relative foo bar\nimports: x/y",
  ],
  [
    "a.php",
    `<?php\nuse A\\B\\C;\nrequire_once 'x.php';\nfunction f() { g(); $this->h(); C::i(); new D(); }\nclass A { function m() {} }\ninterface I {}\ntrait T {}\nenum E {}`,
    "function f\nclass A\n  method m\ninterface I\ntrait T\nenum E\ncalls: g h i D\nimports: A\\B\\C 'x.php'",
  ],
  [
    "a.c",
    `#include "x.h"\n#define M 1\n#define F(a) a\nstruct S { int a; };\ntypedef struct { int b; } T;\nint *p(void) { return q(1); }\nstatic int f(int a) { s->g(); }`,
    `macro M\nmacro F\nstruct S\ntype T\nfunction p\nfunction f\ncalls: q g\nimports: "x.h"`,
  ],
  ["a.sh", "source ./x.sh\nfoo() { bar 1; }", "function foo\ncalls: source bar\nimports: ./x.sh"],
]

test.each(SAMPLES)("%s is read for what it defines, calls and imports", async (path, code, expected) => {
  expect(await said(path, code)).toBe(expected)
})

test("a signature is one line without the body, and never what a constant holds", async () => {
  const code = `export async function load(\n  a: string,\n  b: number,\n): Promise<void> {\n  go()\n}\nexport const KEY = "hunter2"`
  const { definitions = [] } = (await factsOf("a.ts", code)) ?? {}
  expect(definitions.map(({ line, lineEnd, signature }) => `${line}-${lineEnd} ${signature}`)).toEqual([
    "1-6 export async function load( a: string, b: number, ): Promise<void>",
    "7-7 export const KEY",
  ])
})

test("markup and data have no outline", () => {
  expect(["a.md", "a.json", "a.html", "a.css", "LICENSE"].map(isReadable)).toEqual([false, false, false, false, false])
})
