import { expect, test } from "bun:test"
import { ToolFailure } from "@skein/core/ports"
import { drawn } from "./draw.ts"

const text = (source: string) => `\n${drawn(source).text}\n`
const failure = (source: string) => {
  try {
    return `no failure: ${drawn(source).text}`
  } catch (error) {
    if (error instanceof ToolFailure) return error.message
    throw error
  }
}

test("a flowchart is boxes and lines, with their words, and what leads back leads back", () => {
  const source =
    "graph TD\n A[Start] --> B{Is it?}\n B -->|Yes| C[OK]\n B -->|No| D[Cancel]\n C --> E((End))\n D --> E\n D -.-> A"
  expect(text(source)).toBe(`
      ┌───────┐
      │ Start │
      └───────┘
         ╷ ▲
      ┌──┘ └╌╌╌┐
      ▼        ┆
  ╱────────╲   ┆
  < Is it? >   ┆
  ╲────────╱   ┆
     ╷ ╷       ┆
  ┌──┘ └───┐   ┆
 Yes      No   ┆
  ▼        ▼   ╵
┌────┐   ┌────────┐
│ OK │   │ Cancel │
└────┘   └────────┘
  ╷          ╷
  └────┐ ┌───┘
       ▼ ▼
     ╭─────╮
     ( End )
     ╰─────╯
`)
})

test("from left to right words stand on the lines, and edges of all kinds are told apart", () => {
  const source =
    "flowchart LR; A[Client] -- request --> B(Server); B -- answer --> A; B ==> C[(DB)] & D[Cache]; A --x D"
  expect(text(source)).toContain("│ Client │╶──request─▶│ Server │╶┛")
  expect(text(source)).toContain("│        │◀───answer─╴│        │╶┓")
  expect(text(source)).toContain("×│")
  expect(text("graph BT\nA --> B").indexOf("B")).toBeLessThan(text("graph BT\nA --> B").indexOf("A"))
})

test("a sequence has its participants, messages, loops and notes in their order", () => {
  const source =
    "sequenceDiagram\nparticipant A as Alice\nactor B\nA->>B: Hello\nloop daily\nB-->>A: Hi\nend\nB->>B: think\nNote over A: done"
  expect(text(source)).toBe(`
┌───────┐  ┌───┐
│ Alice │  │ B │
└───────┘  └───┘
    ╷        ╷
    │  Hello │
    │╶──────▶│
╌╌ loop daily ╌╌
    │   Hi   │
    │◀╌╌╌╌╌╌╴│
╌╌ end ╌╌╌╌╌╌╌╌╌
    │        │╶──┐ think
    │        │◀──┘
    │        │
 ╭──────╮    │
 │ done │    │
 ╰──────╯    │
    ╵        ╵
`)
})

test("states and classes are drawn as they belong together", () => {
  const states = text(
    "stateDiagram-v2\n[*] --> Idle\nIdle --> Run : go\nRun --> Idle : stop\nRun --> [*]\nRun --> Run : again",
  )
  for (const part of ["●", "◉", "│ Idle", "go", "stop", "↻ again"]) expect(states).toContain(part)
  const classes = text("classDiagram\nAnimal <|-- Duck : is a\nclass Animal {\n +int age\n}\nDuck : +swim()")
  for (const part of ["△", "is a", "│ +int age │", "│ +swim() │"]) expect(classes).toContain(part)
})

test("no two boxes lie on each other, however many there are", () => {
  const edges = Array.from({ length: 120 }, (_, at) => `N${(at * 7) % 40} -->|l${at}| N${(at * 13 + 5) % 40}`)
  for (const direction of ["TD", "LR", "BT", "RL"]) {
    const out = drawn(`graph ${direction}\n${edges.join("\n")}`).text
    for (let node = 0; node < 40; node += 1)
      expect([direction, node, new RegExp(`│ +N${node} +│`).test(out)]).toEqual([direction, node, true])
  }
})

test("SVG is a document of its own in which text is text", () => {
  const { svg } = drawn('graph LR\nA["<script>alert(1)</script> & \\"x\\""] -->|"</text>"| B')
  expect(svg).toStartWith('<svg xmlns="http://www.w3.org/2000/svg"')
  expect(svg).not.toContain("<script")
  expect(svg).toContain("&lt;script&gt;")
  expect(svg.match(/<text/g)?.length).toBe(svg.match(/<\/text>/g)?.length ?? -1)
})

test("what is not drawn or not understood says so, with the line and what it takes", () => {
  expect(failure("pie title Pets\n Dogs: 3")).toContain(
    "Drawn are flowchart (graph), sequenceDiagram, stateDiagram-v2 and classDiagram",
  )
  expect(failure("graph TD\nA --> B\nA ->> ->")).toStartWith('Line 3 of the diagram is not understood: "A ->> ->"')
  expect(failure("sequenceDiagram\nA says hi")).toStartWith("Line 2 of the diagram is not understood")
  expect([failure(" \n%% only a remark"), failure("graph TD")]).toEqual([
    "The diagram is empty.",
    "The diagram is empty: it names no node.",
  ])
  const many = Array.from({ length: 200 }, (_, at) => `N${at}`).join("\n")
  expect(failure(`graph TD\n${many}`)).toContain("Split it")
  expect(drawn("```mermaid\ngraph TD\nsubgraph one\nA --> B\nend\nclassDef x fill:#f00\n```").notes).toEqual([
    "The frames of subgraphs are not drawn.",
  ])
})

test("characters of a terminal and of two cells do no harm", () => {
  const out = text('graph TD\nA["日本\u001b[31m語"] --> B[ok]')
  expect(out).not.toContain("\u001b")
  const [top = "", middle = ""] = out.trim().split("\n")
  expect(Bun.stringWidth(middle)).toBe(Bun.stringWidth(top))
})
