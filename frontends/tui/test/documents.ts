import { HOSTILE, MARKDOWN } from "../src/fixtures/texts.ts"

/** Documents whose blocks mean by themselves what they mean in the whole. */
export const DOCUMENTS: readonly string[] = [
  MARKDOWN,
  "one\ntwo\nthree",
  "Title\n=====\n\nText\n---\nmore",
  "- a\n- b\n\n- c\n\n  second paragraph\n\n- d\n\nafter",
  "1. one\n1. two\n1. three\n\n7) other\n8) list",
  "- a\n  - b\n    - c\n\n      text\n- d\n* another list\n+ and one",
  "- [x] done\n- [ ] open\n  1. first\n  2. second",
  "Here it is:\n```ts\nconst a = 1\n\n# no heading\n- no item\n```\nand after",
  "~~~\n```\ninner\n```\n~~~\n\n````md\n```ts\nx\n```\n````",
  "- item\n\n  ```sh\n  npm test\n\n  npm run build\n  ```\n\n- next",
  "> quote\n> - list\n>\n> ```\n> code\n> ```\n\n> another\nlazy",
  "| a | b |\n|---|:-:|\n| 1 | 2 |\n| 3 | 4 |\n\ntext | no table\n",
  "    indented\n\n    code\n\ntext\n\n\tby tab",
  "<div>\n# no heading\n\n</div>\n\n<!-- a\n\ncomment -->\n\n<pre>\n\nx\n</pre>\nafter",
  "# A\n## B\ntext\n### C ###\n***\n- - -\n___",
  "text\n- list at once\n- of two\n# heading at once\n> quote at once\n1. number at once",
  "[b](http://b.example 'title') and ![i](i.png)",
  "Hard  \nbreak\\\nand soft\nbreak, `code`, ``a ` b``, *e*, **s**, ***es***, ~~d~~",
  "```\nnever closed\n\n- still code",
  "```ts\nconst x = `\n\n",
  "line\r\n\r\n- a\r\n- b\r\n\r\n```ts\r\ncode\r\n```\r\n",
  "2. not one\ntext\n2. stays text",
  "",
  "\n\n\n",
  "a",
]

/** Documents that only have to be the same however they arrive. */
export const STRANGE: readonly string[] = [
  HOSTILE,
  "[late] [x][late]\n\ntext\n\n[late]: http://late.example",
  "[a]: http://a.example\n[b]: http://b.example 'title'\n\n[a] and [x][b]\n\n- [a]\n- b",
  "- a\nb\n```\nc\n  - d\n\n e\n   f\n\n\n\ng\n-\n\n  h",
  ">>> a\n>> b\n> c\nd\n\n- > e\n  > f\n> g",
  "<table>\n<tr>\n\n| a |\n|---|\n<",
  "* * *\n*\n* a\n\n\n\n* b\n - c\n  + d\n    1. e\n",
  '``` js title="x"\n```` \n``` \n~~~~\n~~~',
  "1234567890. too long\n0. zero\n\n3. three\n\n\n2. two",
  "\t- tab\n \t- more\n-\ttab after\n\n\tinside",
]
