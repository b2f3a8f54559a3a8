import { expect, test } from "bun:test"
import { type Input, textOf } from "@skein/term"
import { PUSH, REACH, WRITE } from "../../src/fixtures/asked.ts"
import { type ApprovalPanel, approvalPanel } from "../../src/panels/approval/panel.ts"
import type { Asked, Pending } from "../../src/panels/approval/pending.ts"
import type { Panel } from "../../src/panels/panel.ts"
import { fitsEverywhere, key, look, press, text, type } from "./sat.ts"

function asked(changes: Partial<Asked> = {}, about: Partial<Pending> = {}): Pending {
  return { event: { ...PUSH, ...changes }, name: "bash", title: "git push origin main", ...about }
}

/** A question that was there long enough to be read, on a clock of its own. */
function sat(pending: readonly Pending[] = [asked()], isInterposed = false, isTyping = () => false) {
  let at = 0
  const panel = approvalPanel({ pending, now: () => at, home: "/h/ada", isInterposed, isTyping })
  if (panel === undefined) throw new Error("nothing is asked")
  return {
    panel: panel as ApprovalPanel,
    pass: (ms: number) => {
      at += ms
    },
    read(this: { pass: (ms: number) => void; panel: ApprovalPanel }): Panel {
      text(this.panel)
      this.pass(1_000)
      return this.panel
    },
  }
}

test("a question says what would happen, why it is asked, and what each key means", () => {
  expect(text(sat().panel, 80, 16)).toMatchInlineSnapshot(`
    "◌ bash   git push origin main

      runs      git push origin main                                 in ~/dev/shop
      reaches   github.com:22
      changes   not known before it runs; t tries it in a copy
      asks      network to a host not allowed · this turn has read README.md from
                node_modules/left-pad, which others may have written

      y  once     s  this session: git push origin *     p  this project …
      n  no       f  no, and say why                     t  try it in a copy first"
  `)
})

test("files that a line names to change are told, and whether it may change others", () => {
  const told = (changes: Partial<Asked>) => {
    const { panel } = sat([asked({ actions: [{ verb: "run", target: "x" }], taint: undefined, ...changes })])
    return /changes {3}(.*(?:\n {12}.*)*)/.exec(text(panel, 100, 24))?.[1]?.replace(/\s+/g, " ")
  }
  const paths = ["/h/ada/dev/shop/src/zz.ts", "/h/ada/notes", "/srv/log"]
  expect(told({ writes: { paths, isAll: true } })).toBe("src/zz.ts, ~/notes, /srv/log")
  expect(told({ writes: { paths: paths.slice(0, 1), isAll: false } })).toBe(
    "src/zz.ts; what else is not known before it runs; t tries it in a copy",
  )
  expect(told({ options: ["allow_once", "reject_once"] })).toBe("not known before it runs")
})

test("a narrow screen keeps every key", () => {
  expect(text(sat().panel, 40, 14)).toMatchInlineSnapshot(`
    "◌ bash   git push origin main

      runs      git push origin main
                in ~/dev/shop
      reaches   github.com:22
      ⋯ 3 more lines   v shows all of it
      asks      network to a host not
                allowed · this turn has
                ⋯ 3 more, v shows them ⋯
                written

      y once   s this session
      p this project   n no   f say why
      t try in a copy   v all of it"
  `)
  expect(text(sat().panel, 40, 6)).toMatchInlineSnapshot(`
    "◌ bash   git push origin main
      runs      git push origin main
      ⋯ 9 more lines   v shows all of it
      y once   s this session
      p this project   n no   f say why
      t try in a copy   v all of it"
  `)
})

test("each key answers as it says", () => {
  const said = (chord: string) => press(sat().read(), [chord]).intents
  const answer = { type: "answer", approvalId: "apr_1" }
  expect(said("y")).toMatchObject([{ ...answer, answer: "allow_once" }])
  expect(said("Y")).toMatchObject([{ ...answer, answer: "allow_once" }])
  expect(said("s")).toMatchObject([{ ...answer, answer: "allow_always", scope: "session" }])
  expect(said("p")).toMatchObject([{ ...answer, answer: "allow_always", scope: "project" }])
  expect(said("t")).toMatchObject([{ ...answer, answer: "preview" }])
  expect(said("n")).toMatchObject([{ ...answer, answer: "reject_once" }])
  expect(press(sat().read(), ["f", ...type("use a branch"), "enter"]).intents).toMatchObject([
    { ...answer, answer: "reject_once", feedback: "use a branch" },
  ])
})

test("Enter, space and pasted text approve nothing, however often", () => {
  const at = sat()
  const { intents, isLeft } = press(at.read(), ["enter", "enter", "space", " ", { kind: "paste", text: "y" }])
  expect(isLeft).toBe(false)
  expect(intents.filter(({ type }) => type !== "type")).toEqual([])
})

/** Each comes over an empty line and before the question could be read: the panel, and what it gave on to be typed. */
function typedTooSoon(keys: readonly (string | Input)[], isInterposed = false) {
  const given: Input[] = []
  const at = sat([asked()], isInterposed, () => given.length > 0)
  let panel: Panel = at.panel
  for (const each of keys) {
    text(panel)
    at.pass(150)
    const step = panel.key(typeof each === "string" ? key(each) : each, 12)
    if (step.kind === "leave") throw new Error("it was answered")
    panel = step.panel
    for (const intent of step.kind === "do" ? step.intents : []) {
      if (intent.type !== "type") throw new Error(`${intent.type} came of it`)
      given.push(...intent.inputs)
    }
  }
  return { at, panel, given }
}

test("a key within the reading time answers nothing, and so does each that follows it at once", () => {
  const { at, panel } = typedTooSoon(["y", "enter", "y", "y"])
  expect(text(panel, 80, 16)).toContain("Typed before this could be read: it answers nothing.")
  at.pass(400)
  expect(press(panel, ["y"]).intents).toMatchObject([{ type: "answer", answer: "allow_once" }])
})

test("what is written before a question can be read is a line from its first letter on, one that would answer too", () => {
  for (const said of ["so be it", "yes", "nnn no", "what"]) {
    expect(typedTooSoon(type(said)).given).toEqual(type(said).map(key))
  }
  const paste: Input = { kind: "paste", text: "a log" }
  expect(typedTooSoon(["y", paste]).given).toEqual([key("y"), paste])
  expect(typedTooSoon(["backspace", "up", "y"]).given).toEqual([])
})

test("what was meant for something else that was asked is no line, and neither is what is typed over the whole of it", () => {
  expect(typedTooSoon(type("what"), true).given).toEqual([])
  const whole = sat()
  const { panel } = press(whole.read(), ["v"])
  expect(press(panel, type("what")).intents).toEqual([])
})

test("a question that came while it could not be drawn is read from its first drawing on", () => {
  const at = sat()
  at.pass(60_000)
  expect(press(at.panel, ["y"]).intents).toEqual([])
  expect(press(at.read(), ["y"]).intents).toHaveLength(1)
})

test("after the terminal was away a question is read anew", () => {
  const at = sat()
  at.read()
  const again = at.panel.reread()
  at.pass(60_000)
  expect(press(again, ["y"]).intents).toEqual([])
  text(again)
  at.pass(400)
  expect(press(again, ["y"]).intents).toHaveLength(1)
})

test("several characters that came at once are typing, not an answer", () => {
  expect(press(sat().read(), [{ kind: "key", chord: "yes", text: "yes" }]).intents).toEqual([])
})

test("after something else was asked the first yes counts for neither", () => {
  const at = sat([asked()], true)
  const once = press(at.read(), ["y"])
  expect(once.intents).toEqual([])
  text(once.panel)
  at.pass(500)
  expect(press(once.panel, ["y"]).intents).toHaveLength(1)
})

test("keys that are not offered do not answer", () => {
  const at = sat([asked({ options: ["allow_once", "reject_once"], always: undefined })])
  expect(text(at.panel, 80, 16).split("\n").slice(-2)).toEqual(["  y  once", "  n  no       f  no, and say why"])
  for (const chord of ["s", "p", "t"]) expect(press(at.read(), [chord]).intents).toEqual([])
})

test("v shows every character of it, on the whole screen, and the time to read begins anew", () => {
  const target = `echo ${"a".repeat(300)}${" ".repeat(60)}; rm -rf ~\u001b[8m\n\techo end\n${"x\n".repeat(9)}`
  const at = sat([asked({ actions: [{ verb: "run", target }] })])
  expect(text(at.panel, 80, 24)).toMatchInlineSnapshot(`
    "◌ bash   git push origin main

      runs      echo                                                 in ~/dev/shop
                aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
                aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
                aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
                aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
                aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa⋯ 60 spaces ⋯; rm -rf ~\\e[8m
                    echo end
                x
                ⋯ 7 more, v shows them ⋯
                x
      changes   not known before it runs; t tries it in a copy
      asks      network to a host not allowed · this turn has read README.md from
                node_modules/left-pad, which others may have written

      y  once     s  this session: git push origin *     p  this project …
      n  no       f  no, and say why                     t  try it in a copy first
      v  all"
  `)
  const { panel } = press(at.read(), ["v"])
  expect(panel.extent).toBe("whole")
  const shown = panel.view(look(), 40).lines.map(textOf).join("\n")
  const flat = shown.replaceAll("\n          ┊ ", "")
  expect(flat).toContain(`${"a".repeat(300)}${" ".repeat(60)}; rm -rf ~\\e[8m\n            \\techo end\n`)
  expect(press(panel, ["y"]).intents).toEqual([])
})

test("all of it is scrolled through, and the keys stay", () => {
  const target = Array.from({ length: 50 }, (_, at) => `line ${at}`).join("\n")
  const at = sat([asked({ actions: [{ verb: "run", target }] })])
  const { panel } = press(at.read(), ["v"])
  text(panel, 80, 14)
  const end = press(panel, ["page-down", "down"], 14).panel
  expect(text(end, 80, 14)).toMatchInlineSnapshot(`
    "◌ bash   git push origin main

                line 7
                line 8
                line 9
                line 10
                line 11
                line 12
                line 13
                                                    40 more below: down, page-down

      y  once     s  this session: git push origin *     p  this project …
      n  no       f  no, and say why                     t  try it in a copy first
      v  less"
  `)
  expect(text(press(end, ["end", "end", "up"], 14).panel, 80, 14)).toMatchInlineSnapshot(`
    "◌ bash   git push origin main

                line 45
                line 46
                line 47
                line 48
                line 49
      changes   not known before it runs; t tries it in a copy
      always    bash: git push origin *
                                                     2 more below: down, page-down

      y  once     s  this session: git push origin *     p  this project …
      n  no       f  no, and say why                     t  try it in a copy first
      v  less"
  `)
  expect(press(end, ["escape"]).panel.extent).toBe("over")
})

test("questions are asked in order, each with who asks, and the next is read anew", () => {
  const second = asked({ approvalId: "apr_2", actions: [{ verb: "write", target: "/repo/a" }] }, { from: "2 docs" })
  const at = sat([asked(), { ...second, name: "edit", title: "a" }, asked({ approvalId: "apr_3" })])
  expect(text(at.panel, 80, 16).split("\n")[0]).toEndWith("1 of 3")
  const first = press(at.read(), ["n"])
  expect(first.intents).toMatchObject([{ approvalId: "apr_1" }])
  expect(text(first.panel, 80, 16).split("\n")[0]).toBe(
    "◌ 2 docs · edit   a                                                     1 of 2",
  )
  expect(press(first.panel, ["y"]).intents).toEqual([])
})

test("who sees another session is told anew who asks, and reads it anew", () => {
  const at = sat()
  at.read()
  const told = at.panel.told([asked({}, { from: "1 push it" })])
  expect(press(told, ["y"]).intents).toEqual([])
  expect(text(told, 80, 16)).toStartWith("◌ 1 push it · bash   git push")
  expect(text(at.panel.told([]), 80, 16)).toStartWith("◌ bash")
})

test("a question that is answered elsewhere gives way to the next", () => {
  const at = sat([asked(), asked({ approvalId: "apr_2" })])
  expect(at.panel.without("apr_1")?.approvalId).toBe("apr_2")
  expect(at.panel.without("apr_2")?.approvalId).toBe("apr_1")
  expect(at.panel.without("apr_1")?.without("apr_2")).toBeUndefined()
  expect(text(at.panel.with(asked({ approvalId: "apr_9" })), 80, 12).split("\n")[0]).toEndWith("1 of 3")
})

test("what was tried in a copy is shown as what it did", () => {
  const at = sat([
    asked({
      subject: "effects",
      actions: [],
      always: undefined,
      effects: {
        changes: [
          { path: "/repo/a.txt", kind: "update", before: "1", after: "2", diff: "@@ -1 +1 @@\n-one\n+two\n" },
          { path: "/repo/b.txt", kind: "delete", before: "1", after: null },
        ],
        network: [{ host: "evil.example", port: 443, decision: "refused", reason: "", bytesIn: 0, bytesOut: 0 }],
        output: "built\u001b[2J\n",
        exitCode: 0,
      },
      options: ["allow_once", "reject_once"],
    }),
  ])
  expect(text(at.panel, 80, 24)).toMatchInlineSnapshot(`
    "◌ bash   git push origin main  tried in a copy

      tried     in a throw-away copy, without network
      changes   /repo/a.txt                                                  +1 −1
        ▎   1   - one
        ▎   1   + two
      deletes   /repo/b.txt
      reached   evil.example:443 refused
      exit      0
      said      built\\e[2J
      asks      network to a host not allowed · this turn has read README.md from
                node_modules/left-pad, which others may have written

      y  keep it
      n  drop it     f  drop it, and say why"
  `)
})

test("a path of one's home is short at first, and whole with v; its edit is drawn, and whole with v too", () => {
  const diff = `--- a/x\n+++ b/x\n@@ -1,1 +1,1 @@\n-\told ${"o".repeat(99)}\n+\tnew\n`
  const actions = [{ verb: "write", target: "/h/ada/dev/cart/x", diff }]
  const at = sat([asked({ actions, always: undefined, taint: [] }, { name: "edit", title: "x" })])
  expect(text(at.panel, 80, 16)).toMatchInlineSnapshot(`
    "◌ edit   x

      writes    ~/dev/cart/x                                         in ~/dev/shop
        ▎   1   -     old ooooooooooooooooooooooooooooooooooooooooooooooooooooooo⋯
        ▎   1   +     new
      asks      network to a host not allowed

      y  once     s  this session        p  this project …
      n  no       f  no, and say why     t  try it in a copy first
      v  all"
  `)
  expect(text(press(at.read(), ["v"]).panel, 80, 18)).toMatchInlineSnapshot(`
    "◌ edit   x

      writes    /h/ada/dev/cart/x                               in /h/ada/dev/shop
        --- a/x
        +++ b/x
        @@ -1,1 +1,1 @@
        -\\told ooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooo
      ┊ oooooooooooooooooooooooooooooooo
        +\\tnew
      asks      network to a host not allowed





      y  once     s  this session        p  this project …
      n  no       f  no, and say why     t  try it in a copy first
      v  less"
  `)
})

test("a question about a file names it from the session's folder, says why without naming it again, and what a lasting yes would spare", () => {
  const pending = { event: WRITE, name: "write", title: "write src/checkout/clock.ts" }
  expect(text(sat([pending]).panel, 80, 16)).toMatchInlineSnapshot(`
    "◌ write   src/checkout/clock.ts

      creates   src/checkout/clock.ts                                in ~/dev/shop
        ▎   1   + export const now = () => 0
        ▎   2   + export const day = 1
      asks      it changes files in the workspace

      y  once     s  this session: write this file     p  this project …
      n  no       f  no, and say why"
  `)
  expect(text(sat([pending]).panel, 40, 12)).toMatchInlineSnapshot(`
    "◌ write   src/checkout/clock.ts

      creates   src/checkout/clock.ts
        ▎   1   + export const now = () =⋯
        ▎   2   + export const day = 1
      always    write this file
      asks      it changes files in the
                workspace

      y once   s this session
      p this project   n no   f say why
      v all of it"
  `)
  expect(text(press(sat([pending]).read(), ["v"]).panel, 80, 18)).toContain(
    "  always    write: /h/ada/dev/shop/src/checkout/clock.ts\n",
  )
})

test("what a path of the session's folder is called is no path of the home, and other folders are told whole", () => {
  const named = (target: string, cwd = "/h/ada/dev/shop") =>
    text(
      sat([{ event: { ...WRITE, cwd, actions: [{ verb: "write", target }] }, name: "write", title: "x" }]).panel,
      80,
      16,
    )
      .split("\n")
      .find((line) => line.startsWith("  writes"))
      ?.replace(/ in .*/, "")
      .trim()
  expect(named("/h/ada/dev/shop/~/.ssh/x")).toBe("writes    ./~/.ssh/x")
  expect(named("/h/ada/.ssh/x")).toBe("writes    ~/.ssh/x")
  expect(named("/h/ada/dev/shopping/x")).toBe("writes    ~/dev/shopping/x")
  expect(named("/etc/passwd", "/")).toBe("writes    /etc/passwd")
})

test("a rule about a host, or about another tool, is said as what it is", () => {
  const asks = (always: Asked["always"]) =>
    text(sat([{ event: { ...REACH, always }, name: "bash", title: "npm i" }]).panel)
  expect(asks(REACH.always)).toContain("this session: reach registry.example  ")
  expect(asks({ tool: "write", path: "/x", decision: "allow", scope: "session" })).toContain("this session: write: /x ")
  const folder = "/etc"
  const list: Asked = {
    ...REACH,
    actions: [{ verb: "read", target: folder }],
    always: { tool: "list", path: folder, decision: "allow", scope: "session" },
  }
  expect(text(sat([{ event: list, name: "list", title: "list /etc" }]).panel)).toContain(
    "this session: list /etc or in it ",
  )
  expect(asks({ tool: "bash", decision: "allow", scope: "session" })).toContain("this session: everything bash does ")
})

test("Esc leaves a question unanswered, and ctrl+c stops the turn", () => {
  expect(press(sat().panel, ["escape"])).toMatchObject({ isLeft: true, intents: [] })
  expect(press(sat().panel, ["ctrl+c"])).toMatchObject({ isLeft: true, intents: [{ type: "interrupt" }] })
})

test("where nothing can be seen to judge by, no yes counts, and it says so", () => {
  for (const [columns, rows] of [
    [80, 1],
    [80, 2],
    [80, 4],
    [12, 3],
    [12, 40],
    [40, 4],
  ] as const) {
    for (const yes of ["y", "s", "p", "t"]) {
      const at = sat()
      expect(text(at.panel, columns, rows)).toContain("  enlarge")
      at.pass(1_000)
      expect(press(at.panel, [yes]).intents).toEqual([])
    }
    const at = sat()
    text(at.panel, columns, rows)
    at.pass(1_000)
    expect(press(at.panel, ["n"]).intents).toHaveLength(1)
  }
  expect(text(sat().panel, 80, 4)).toMatchInlineSnapshot(`
    "◌ bash   git push origin main
      runs      git push origin main                                 in ~/dev/shop
      reaches   github.com:22
      enlarge, or v, to answer · n no"
  `)
  expect(text(sat().panel, 80, 1)).toMatchInlineSnapshot(`"  enlarge, or v, to answer · n no"`)
  const whole = sat()
  const { panel } = press(whole.read(), ["v"])
  expect(text(panel, 80, 3)).toContain("enlarge to answer")
})

test("ctrl+c takes the questions of the session that asks away, and those of others are asked on", () => {
  const other = asked({ approvalId: "apr_3", sessionId: "ses_2" })
  const step = press(sat([asked(), asked({ approvalId: "apr_2" }), other]).read(), ["ctrl+c"])
  expect(step.intents).toEqual([{ type: "interrupt", asking: "apr_1" }])
  expect((step.panel as ApprovalPanel).approvalId).toBe("apr_3")
  expect(press(step.panel, ["y"]).intents).toEqual([])
})

test("a no with a reason can be taken back while it is typed", () => {
  const at = sat()
  const typing = press(at.read(), ["f", ...type("no wa")]).panel
  expect(text(typing, 80, 14).split("\n").slice(-2)).toEqual([
    "  no, instead: no wa▏",
    "  enter says no with this · esc back to the question",
  ])
  const back = press(typing, ["escape"])
  expect(back).toMatchObject({ isLeft: false, intents: [] })
  expect(press(back.panel, ["y"]).intents).toEqual([])
})

test("a question fits every screen", () => {
  fitsEverywhere(
    sat([
      asked(),
      asked({ approvalId: "apr_2", actions: [{ verb: "x\ny", target: "梨".repeat(99), diff: "+a\tb\n-c" }] }),
    ]).read(),
    ["v", "n", "v"],
  )
  fitsEverywhere(sat().read(), ["f", "a"])
})
