import { expect, test } from "bun:test"
import { type DocumentKind, ToolFailure } from "@skein/core/ports"
import { documents } from "../src/index.ts"
import { pdfOf, zipped } from "./ground.ts"

const HANG_MS = 60_000
const port = documents()
const { signal } = new AbortController()

function read(bytes: Uint8Array, kind: DocumentKind, pages?: string) {
  return port.textOf(bytes, kind, { pages, signal })
}
const failure = async (work: Promise<unknown>) => {
  const error = await work.catch((cause: unknown) => cause)
  return error instanceof ToolFailure ? error.message : `no failure: ${String(error)}`
}

const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
const wordText = (text: string) => `<w:r><w:t xml:space="preserve">${text}</w:t></w:r>`
const DOCX = zipped({
  "[Content_Types].xml": "<Types/>",
  "word/document.xml": `<?xml version="1.0"?><w:document ${W}><w:body>
<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>${wordText("Plan &amp; ")}${wordText("goal")}</w:p>
<w:p>${wordText("Some")}<w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:ins>${wordText(" new")}</w:ins><w:r><w:tab/><w:footnoteReference w:id="2"/></w:r></w:p>
<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/></w:numPr></w:pPr>${wordText("one")}</w:p>
<w:p><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr>${wordText("two")}</w:p>
<w:tbl><w:tr><w:tc><w:p>${wordText("a")}</w:p></w:tc><w:tc><w:p>${wordText("b|c")}</w:p></w:tc></w:tr>
<w:tr><w:tc><w:p>${wordText("1")}</w:p></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl></w:body></w:document>`,
  "word/footnotes.xml": `<w:footnotes ${W}><w:footnote w:id="2"><w:p>${wordText("a note")}</w:p></w:footnote></w:footnotes>`,
})

test(
  "a Word document is its headings, paragraphs, lists, tables and notes, as they are after all changes",
  async () => {
    expect((await read(DOCX, "docx")).text).toBe(
      "# Plan & goal\n\nSome new\t[^2]\n\n- one\n  - two\n\n| a | b\\|c |\n| --- | --- |\n| 1 |  |\n\n[^2]: a note",
    )
  },
  HANG_MS,
)

const XLSX = zipped({
  "xl/workbook.xml":
    '<workbook><sheets><sheet name="Costs" r:id="r1"/><sheet name="Dates" r:id="r2"/></sheets></workbook>',
  "xl/_rels/workbook.xml.rels":
    '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Target="/xl/worksheets/sheet2.xml"/></Relationships>',
  "xl/sharedStrings.xml":
    "<sst><si><t>what</t></si><si><r><t>rent </t></r><r><t>paid</t></r><rPh><t>x</t></rPh></si></sst>",
  "xl/styles.xml": '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
  "xl/worksheets/sheet1.xml":
    '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>sum</t></is></c></row><row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3" t="b"><v>1</v></c><c r="C3"><f>1+1</f><v>2</v></c></row></sheetData></worksheet>',
  "xl/worksheets/sheet2.xml":
    '<worksheet><sheetData><row r="1"><c r="A1" s="1"><v>45292</v></c><c r="B1"><v>45292</v></c></row></sheetData></worksheet>',
})

test(
  "a workbook is its sheets as tables, with values as they were computed, and sheets can be chosen",
  async () => {
    const { text, units, unit } = await read(XLSX, "xlsx")
    expect([units, unit]).toEqual([2, "sheet"])
    expect(text).toBe(
      "## Sheet 1: Costs\n\n| what |  | sum |\n| --- | --- | --- |\n|  |  |  |\n| rent paid | TRUE | 2 |\n\n" +
        "## Sheet 2: Dates\n\n| 2024-01-01 | 45292 |\n| --- | --- |",
    )
    expect((await read(XLSX, "xlsx", "2")).text).toStartWith("## Sheet 2: Dates")
    expect(await failure(read(XLSX, "xlsx", "7"))).toBe("There is no sheet 7: there are 2 sheets.")
    expect(await failure(read(XLSX, "xlsx", "two"))).toContain("It takes 2, 3-7 or 1,4-5")
  },
  HANG_MS,
)

test(
  "a presentation is its slides in their order, with what is said to them",
  async () => {
    const text = (words: string) => `<p:txBody><a:p><a:r><a:t>${words}</a:t></a:r></a:p></p:txBody>`
    const bytes = zipped({
      "ppt/presentation.xml":
        '<p:presentation><p:sldIdLst><p:sldId id="256" r:id="r2"/><p:sldId id="257" r:id="r1"/></p:sldIdLst></p:presentation>',
      "ppt/_rels/presentation.xml.rels":
        '<Relationships><Relationship Id="r1" Target="slides/slide1.xml"/><Relationship Id="r2" Target="slides/slide2.xml"/></Relationships>',
      "ppt/slides/slide1.xml": `<p:sld>${text("second")}</p:sld>`,
      "ppt/slides/slide2.xml": `<p:sld>${text("first")}<a:tbl><a:tr><a:tc>${text("x")}</a:tc><a:tc>${text("y")}</a:tc></a:tr></a:tbl></p:sld>`,
      "ppt/slides/_rels/slide1.xml.rels":
        '<Relationships><Relationship Id="r1" Target="../notesSlides/notesSlide1.xml"/></Relationships>',
      "ppt/notesSlides/notesSlide1.xml": `<p:notes>${text("say this")}${text("1")}</p:notes>`,
    })
    expect((await read(bytes, "pptx")).text).toBe(
      "## Slide 1\n\nfirst\n\n| x | y |\n| --- | --- |\n\n## Slide 2\n\nsecond\n\nNotes: say this",
    )
  },
  HANG_MS,
)

test(
  "OpenDocument is read alike: text, tables and slides",
  async () => {
    const inside = (body: string) =>
      zipped({ "content.xml": `<office:document-content><office:body>${body}</office:body></office:document-content>` })
    const odt = inside(
      '<office:text><text:h text:outline-level="2">Head</text:h><text:p>a<text:s text:c="2"/>b</text:p><text:list><text:list-item><text:p>one</text:p></text:list-item></text:list></office:text>',
    )
    expect((await read(odt, "odt")).text).toBe("## Head\n\na  b\n\n- one")
    const row =
      '<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    const ods = inside(
      `<office:spreadsheet><table:table table:name="S"><table:table-row><table:table-cell><text:p>1</text:p></table:table-cell><table:table-cell table:number-columns-repeated="2"><text:p>2</text:p></table:table-cell></table:table-row>${row}</table:table></office:spreadsheet>`,
    )
    expect((await read(ods, "ods")).text).toBe("## Sheet 1: S\n\n| 1 | 2 | 2 |\n| --- | --- | --- |")
    const odp = inside(
      '<office:presentation><draw:page draw:name="p1"><draw:frame><draw:text-box><text:p>hi</text:p></draw:text-box></draw:frame></draw:page></office:presentation>',
    )
    expect((await read(odp, "odp")).text).toBe("## Slide 1: p1\n\nhi")
  },
  HANG_MS,
)

test(
  "a PDF is its pages; a locked or broken one says so",
  async () => {
    const pdf = pdfOf(["first page", "and more"], ["second page"], ["third page"])
    const { text, units } = await read(pdf, "pdf", "2-")
    expect([units, text]).toEqual([3, "[page 2]\nsecond page\n\n[page 3]\nthird page"])
    expect((await read(pdf, "pdf", "1")).text).toBe("[page 1]\nfirst page\nand more")
    expect((await read(pdfOf([]), "pdf")).notes.join()).toContain("hold no text")
    expect(await failure(read(new TextEncoder().encode("%PDF-1.4\nnonsense"), "pdf"))).toContain(
      "The PDF cannot be read",
    )
  },
  HANG_MS,
)

const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

test(
  "a notebook is its cells with what they gave, pictures too",
  async () => {
    const book = {
      metadata: { language_info: { name: "python" } },
      cells: [
        { cell_type: "markdown", id: "a1", source: ["# Head\n", "text"] },
        {
          cell_type: "code",
          source: "print(1)",
          outputs: [
            { output_type: "stream", text: ["1\n"] },
            { output_type: "display_data", data: { "image/png": PIXEL, "text/plain": "<Figure>" } },
            { output_type: "error", ename: "ValueError", evalue: "no", traceback: ["\u001b[31mline\u001b[0m"] },
          ],
        },
      ],
    }
    const { text, units, images } = await read(new TextEncoder().encode(JSON.stringify(book)), "notebook")
    expect(text).toBe(
      "[cell 1 a1: markdown]\n# Head\ntext\n\n[cell 2: code]\n```python\nprint(1)\n```\n[output]\n1\n" +
        "[output: cell 2, picture 1]\n[output]\n<Figure>\n[output: ValueError: no]\nline",
    )
    expect([units, images?.length, images?.[0]?.bytes.length]).toEqual([2, 1, Buffer.from(PIXEL, "base64").length])
    expect(await failure(read(new TextEncoder().encode("{}"), "notebook"))).toBe("It is no notebook: it has no cells.")
  },
  HANG_MS,
)

test(
  "an archive that is a bomb, lies about its sizes or is damaged is not read",
  async () => {
    const bomb = zipped({ "word/document.xml": Buffer.alloc(200 * 1024 * 1024) })
    expect(await failure(read(bomb, "docx"))).toContain("more than 128 MB")
    const liar = Buffer.from(bomb)
    const at = liar.lastIndexOf(Buffer.from("PK\x01\x02", "latin1"))
    liar.writeUInt32LE(10, at + 24)
    expect(await failure(read(liar, "docx"))).toContain("more than 128 MB")
    for (const end of [10, 60, DOCX.length - 30])
      expect(await failure(read(DOCX.slice(0, end), "docx"))).toContain("damaged")
    expect(await failure(read(zipped({ "a.xml": "x" }), "docx"))).toContain("no Word document inside")
  },
  HANG_MS,
)

const long = "A".repeat(100_000)
const repeated = (name: string) => `table:number-${name}-repeated="50"`
const bombRow = `<table:table-row ${repeated("rows")}><table:table-cell ${repeated("columns")}><text:p>${long}</text:p></table:table-cell></table:table-row>`
const bombTable = `<table:table>${bombRow.repeat(20)}</table:table>`
const bombRows = `<row>${'<c t="s"><v>0</v></c>'.repeat(100)}</row>`.repeat(100)
const BOMBS: readonly (readonly [DocumentKind, Uint8Array])[] = [
  ["ods", zipped({ "content.xml": `<x><body><spreadsheet>${bombTable.repeat(3)}</spreadsheet></body></x>` })],
  ["odt", zipped({ "content.xml": `<x><body>${bombTable.repeat(3)}</body></x>` })],
  [
    "xlsx",
    zipped({
      "xl/workbook.xml": '<workbook><sheets><sheet name="x" r:id="r1"/></sheets></workbook>',
      "xl/_rels/workbook.xml.rels":
        '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>',
      "xl/sharedStrings.xml": `<sst><si><t>${long}</t></si></sst>`,
      "xl/worksheets/sheet1.xml": `<worksheet><sheetData>${bombRows}</sheetData></worksheet>`,
    }),
  ],
  [
    "docx",
    zipped({
      "word/document.xml": `<w:document><w:body><w:tbl>${tableRow(10_000)}${tableRow(1).repeat(10_000)}</w:tbl></w:body></w:document>`,
    }),
  ],
]

function tableRow(cells: number): string {
  return `<w:tr>${`<w:tc><w:p>${wordText("x")}</w:p></w:tc>`.repeat(cells)}</w:tr>`
}

for (const [kind, bytes] of BOMBS) {
  test(
    `a few kilobytes of ${kind} whose cells repeat one another give no more text than a large one of its kind`,
    async () => {
      expect(bytes.length).toBeLessThan(100_000)
      const { text, notes } = await read(bytes, kind)
      expect(text.length).toBeLessThan(20_000_000)
      if (kind !== "docx") expect(notes.join()).toContain("first 16 million characters")
    },
    HANG_MS,
  )
}

test(
  "entities that grow are not expanded",
  async () => {
    const laugh = `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><w:document ${W}><w:body><w:p>${wordText("&b;")}</w:p></w:body></w:document>`
    expect((await read(zipped({ "word/document.xml": laugh }), "docx")).text).toBe("&b;")
  },
  HANG_MS,
)

test(
  "a document that takes for ever is given up, and an interrupt ends it at once",
  async () => {
    const deep = zipped({ "word/document.xml": `<w:body>${"<w:p>".repeat(3_000_000)}` })
    expect(await failure(documents({ timeoutMs: 1 }).textOf(deep, "docx", { signal }))).toContain("was not read within")
    const stop = new AbortController()
    setTimeout(() => stop.abort("enough"), 5)
    expect(
      await documents()
        .textOf(deep, "docx", { signal: stop.signal })
        .catch((error: unknown) => error),
    ).toBe("enough")
  },
  HANG_MS,
)

test("kinds are told by what is inside, and archives by their name too", () => {
  const of = (bytes: Uint8Array | string, name: string) => port.kindOf(Buffer.from(bytes), name)
  expect([of("%PDF-1.7", "x.txt"), of(DOCX, "a.DOCX"), of(DOCX, "a.docm"), of('{"cells":[]}', "a.ipynb")]).toEqual([
    "pdf",
    "docx",
    "docx",
    "notebook",
  ])
  expect([of(DOCX, "a.zip"), of("text", "a.docx"), of('{"a":1}', "a.json")]).toEqual([undefined, undefined, undefined])
})
