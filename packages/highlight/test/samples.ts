/** A piece of code for each language, and pieces that must be told in it. */
export const SAMPLES: Readonly<Record<string, { readonly code: string; readonly told: readonly string[] }>> = {
  typescript: {
    code: "import { a } from './x'\n// note\nexport async function foo<T>(x: number, y?: string): Promise<T> {\n  const s = `a ${x + 1} b`\n  return obj.method(x).prop ?? await bar('s', 1.5, true, null)\n}\nclass A extends B { #p = 1; get(): void { this.x = /re/g } }",
    told: [
      "comment // note",
      "keyword async",
      "function foo",
      "type number",
      "type Promise",
      "string `a ",
      "number 1.5",
      "constant true",
      "function method",
      "property prop",
    ],
  },
  javascript: {
    code: "const x = { a: 1, 'b': fn(2) }; // c\nexport default () => <div className='a'>{x}</div>",
    told: ["property a", "property 'b'", "function fn", "comment // c", "tag div", "property className"],
  },
  json: {
    code: '{"a": [1, true, null, "s"]}',
    told: ['property "a"', "number 1", "constant true", 'string "s"'],
  },
  python: {
    code: '# c\n@dec\ndef f(x: int = 3) -> str:\n    """doc"""\n    return f\'{x!r} a\' if not None else self.y(1)',
    told: ["comment # c", "keyword def", "function f", "type int", 'string """doc"""', "constant None", "function y"],
  },
  rust: {
    code: "// c\npub fn f<'a>(x: &'a mut Vec<u8>) -> Option<String> {\n    let s = format!(\"{}\", 'c');\n    x.push(1); Some(s)\n}\nstruct P { x: f64 }",
    told: [
      "comment // c",
      "keyword pub",
      "function f",
      "type Vec",
      "function format",
      'string "{}"',
      "property x",
      "type f64",
    ],
  },
  go: {
    code: 'package main\nimport "fmt"\n// c\nfunc (p *P) F(x int) error {\n\tfmt.Println("a", 1.2, nil, true)\n\treturn p.x\n}',
    told: ["keyword package", 'string "fmt"', "type P", "function F", "function Println", "constant nil", "number 1.2"],
  },
  bash: {
    code: "# c\nfor f in *.ts; do echo \"$f ${x:-1} $(ls)\" | grep -n 'a'; done\nexport A=1",
    told: ["comment # c", "keyword for", "function grep", "string 'a'", "keyword export", "property A"],
  },
  toml: {
    code: '# c\n[a.b]\nk = "v"\nn = 1.2\nt = true',
    told: ["comment # c", "property k", 'string "v"', "number 1.2", "constant true"],
  },
  yaml: {
    code: '# c\na: 1\nb:\n  - "x"\n  - y: true',
    told: ["comment # c", "property a", "number 1", 'string "x"', "constant true"],
  },
  html: {
    code: '<!-- c --><div class="a">t</div>',
    told: ["comment <!-- c -->", "tag div", "property class", 'string "a"'],
  },
  css: {
    code: "/* c */ .a > #b:hover { color: #fff; margin: 1px solid; }\n@media (x) {}",
    told: ["comment /* c */", "type a", "property color", "number #fff", "number 1px", "keyword @media"],
  },
  c: {
    code: '// c\n#include <a.h>\nint main(void) { char *s = "a"; return f(1) + p->x; }',
    told: [
      "comment // c",
      "keyword #include",
      "type int",
      "function main",
      'string "a"',
      "keyword return",
      "property x",
    ],
  },
  cpp: {
    code: "class A : public B { virtual int f() const { return std::max(1, 2); } };",
    told: ["keyword class", "keyword virtual", "type int", "function f", "function max"],
  },
  java: {
    code: '// c\npublic class A<T> { private final int x = 1; String f(int a) { return this.g("s"); } }',
    told: ["comment // c", "keyword class", "type int", "type String", "function f", "function g", 'string "s"'],
  },
  ruby: {
    code: '# c\nclass A < B\n  def f(x)\n    @y = "a#{x}" if x.nil? && :sym\n  end\nend',
    told: ["keyword class", "type A", "keyword def", "function f", "property @y", "constant :sym"],
  },
  php: {
    code: '<?php\n// c\nfunction f(int $x): string { return "a $x" . $this->g(1); }',
    told: ["keyword <?php", "comment // c", "keyword function", "type int", "property x", "type string", "number 1"],
  },
  tsx: {
    code: "const a = <B c={1}>d</B>",
    told: ["keyword const", "tag B", "property c", "number 1"],
  },
}
