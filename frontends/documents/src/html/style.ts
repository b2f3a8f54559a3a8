/**
 * The whole style of a page. One grey and one ink, colour only for meaning: added, removed, failed. Light or dark as the
 * reader's system is. Its hash stands in the page's policy, so nothing else can be styled in.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fdfdfc; --ink: #1b1b1a; --dim: #6f6f6b; --line: #e4e4e0; --wash: #f5f5f2;
  --add: #17683a; --add-wash: #e9f5ec; --del: #a3262a; --del-wash: #fbecec;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  --sans: ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #151514; --ink: #e6e6e2; --dim: #94948e; --line: #2b2b29; --wash: #1d1d1b;
    --add: #7fcf9b; --add-wash: #16271c; --del: #f0908f; --del-wash: #2d1a1a;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 var(--sans); }
main { max-width: 46rem; margin: 0 auto; padding: 3.5rem 1.25rem 5rem; }
header { margin-bottom: 3rem; }
h1 { font-size: 1.5rem; line-height: 1.3; font-weight: 600; letter-spacing: -0.01em; margin: 0 0 .6rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; font-weight: 600; margin: 1.4em 0 .5em; }
.meta { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; margin: 0; padding: 0; list-style: none; color: var(--dim); font: .8125rem/1.7 var(--mono); overflow-wrap: anywhere; }
p { margin: 0 0 .8em; white-space: pre-wrap; overflow-wrap: anywhere; }
ul, ol { margin: 0 0 .8em; padding-left: 1.4rem; }
li { margin: .15em 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.meta li { margin: 0; white-space: normal; }
section > :last-child, .body > :last-child { margin-bottom: 0; }
code { font: .875em var(--mono); background: var(--wash); border-radius: 3px; padding: .1em .3em; overflow-wrap: anywhere; }
pre { font: .8125rem/1.55 var(--mono); margin: 0 0 .8em; padding: .75rem .9rem; background: var(--wash); border-radius: 6px; overflow-x: auto; max-height: 32rem; tab-size: 4; }
pre code { font: inherit; background: none; padding: 0; overflow-wrap: normal; }
img { display: block; max-width: 100%; height: auto; margin: .4em 0 .8em; border-radius: 6px; border: 1px solid var(--line); }
article { border-top: 1px solid var(--line); padding-top: 1.6rem; margin-top: 2.2rem; }
article:first-of-type { border-top: 0; padding-top: 0; margin-top: 0; }
.said { position: relative; padding-left: 1.35rem; font-weight: 550; margin-bottom: 1.4rem; }
.said::before { content: "›"; position: absolute; left: 0; color: var(--dim); font-weight: 400; }
.said.steer { margin-top: 1.4rem; }
.answer { margin: 1.2rem 0; padding-left: 1.35rem; }
.call, .quiet, .notice { margin: .1rem 0; padding-left: 0; }
summary, .head { display: flex; align-items: baseline; gap: .6rem; padding: .22rem 0; font: .8125rem/1.55 var(--mono); }
summary { cursor: pointer; list-style: none; border-radius: 4px; }
summary::-webkit-details-marker { display: none; }
summary:hover .title, .quiet summary:hover { text-decoration: underline; text-decoration-color: var(--line); text-underline-offset: .25em; }
summary:focus-visible { outline: 2px solid var(--dim); outline-offset: 2px; }
.mark { flex: none; width: .75rem; color: var(--dim); }
.error .mark, .cancelled .mark { color: var(--del); }
.name { flex: none; color: var(--dim); min-width: 3.4rem; }
.title { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
details[open] > summary .title { white-space: pre-wrap; overflow-wrap: anywhere; }
.facts { flex: none; max-width: 45%; color: var(--dim); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; text-align: right; }
.error .facts, .cancelled .facts { color: var(--del); }
.body { padding: .35rem 0 .9rem 1.35rem; }
.quiet > summary { color: var(--dim); padding-left: 1.35rem; }
.quiet > summary::after { content: "⋯"; }
.quiet > .body { color: var(--dim); font-size: .9375rem; }
.notice { padding: .3rem 0 .3rem 1.35rem; color: var(--dim); font-size: .875rem; }
.notice.error { color: var(--del); }
.diff { padding: .5rem 0; }
.diff span { display: block; padding: 0 .9rem; min-width: max-content; }
.diff .add { background: var(--add-wash); color: var(--add); }
.diff .del { background: var(--del-wash); color: var(--del); }
.diff .file, .diff .hunk { color: var(--dim); }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--dim); font-size: .8125rem; }
@media (max-width: 40rem) {
  main { padding: 2rem 1rem 3.5rem; }
  .body, .answer { padding-left: 0; }
  .said, .quiet > summary, .notice { padding-left: 1.1rem; }
  .quiet > summary, .notice { padding-left: 0; }
  summary, .head { gap: .45rem; }
  .name { min-width: 0; }
  .facts { max-width: 38%; }
}
@media print {
  :root { --paper: #fff; --ink: #000; --dim: #555; --line: #ccc; --wash: #f6f6f6; --add: #064; --add-wash: #eef7f0; --del: #800; --del-wash: #fbeeee; }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  pre { max-height: none; white-space: pre-wrap; overflow-wrap: anywhere; }
  .diff span { min-width: 0; }
  .title { white-space: pre-wrap; overflow-wrap: anywhere; }
  details::details-content { content-visibility: visible; block-size: auto; }
  article, .call { break-inside: auto; }
  summary { break-after: avoid; }
}
`
