import { expect, test } from "bun:test"
import { idle, keys, shown } from "../../test/keys.ts"
import { inputParts } from "./chips.ts"
import { fromEditor, imagePaths, insertImage, labelled, paste } from "./paste.ts"
import { press } from "./press.ts"
import { emptyComposer } from "./state.ts"

const image = { mediaType: "image/png", data: "aGk=", name: "shot.png", bytes: 34_000 }

test("a short paste is text, newlines and all, and sends nothing", () => {
  const { state, intents } = press(emptyComposer(), { kind: "paste", text: "a\r\nb\n" }, idle)
  expect([shown(state), intents]).toEqual(["a\nb\n|", undefined])
})

test("a long paste is one character to the caret and is sent byte for byte", () => {
  const text = "1\r\n2\n\u001b[31m3\n4\t\n5\n"
  const { state } = press(keys("see ").state, { kind: "paste", text }, idle)
  expect(state.text.length).toBe(5)
  expect(keys(" ok<enter>", idle, state).intents).toEqual([
    { type: "submit", input: [{ type: "text", text: `see ${text} ok` }], delivery: "steer" },
  ])
})

test("backspace takes a chip as one, undo brings it back whole", () => {
  const text = "1\n2\n3\n4"
  const { state } = press(emptyComposer(), { kind: "paste", text }, idle)
  expect(keys("<backspace>", idle, state).state.text).toBe("")
  const back = keys("<backspace><ctrl+_>", idle, state).state
  expect(inputParts(back.text, back.chips)).toEqual([{ type: "text", text }])
})

test("a megabyte is pasted and sent intact, and keys in it stay fast", () => {
  const text = "héllo wörld\n".repeat(87_382)
  const { state } = press(emptyComposer(), { kind: "paste", text }, idle)
  expect(keys("<enter>", idle, state).intents).toEqual([
    { type: "submit", input: [{ type: "text", text }], delivery: "steer" },
  ])
})

test("Tab beside a chip, or the same paste again, unfolds it into text", () => {
  const text = "1\n2\n3\n4"
  const { state } = press(emptyComposer(), { kind: "paste", text }, idle)
  expect(shown(keys("<tab>", idle, state).state)).toBe("1\n2\n3\n4|")
  expect(shown(press(state, { kind: "paste", text }, idle).state)).toBe("1\n2\n3\n4|")
})

test("keys that come in one piece with newlines are a paste: they do not send", () => {
  const { state, intents } = press(emptyComposer(), { kind: "key", chord: "a\nb\n", text: "a\nb\n" }, idle)
  expect([shown(state), intents]).toEqual(["a\nb\n|", undefined])
})

test("a character that chips use is sent as it is, and does not become another's chip", () => {
  const reserved = "\uf600"
  const first = paste(emptyComposer(), "1\n2\n3\n4")
  const both = paste(paste(first, `x${reserved}`), "\uf601")
  expect(inputParts(both.text, both.chips)).toEqual([{ type: "text", text: `1\n2\n3\n4x${reserved}\uf601` }])
})

test("images and texts are sent in the order they stand in", () => {
  const state = keys(" and ", idle, insertImage(keys("see ").state, image)).state
  expect(keys("<enter>", idle, insertImage(state, { ...image, name: "b.png" })).intents).toEqual([
    {
      type: "submit",
      input: [
        { type: "text", text: "see " },
        { type: "image", mediaType: "image/png", data: "aGk=", name: "shot.png" },
        { type: "text", text: " and " },
        { type: "image", mediaType: "image/png", data: "aGk=", name: "b.png" },
      ],
      delivery: "steer",
    },
  ])
})

test("the path of an image that is dropped on the terminal is read by the app", () => {
  const text = "/pictures/shot.png "
  const { state, intents } = press(emptyComposer(), { kind: "paste", text }, idle)
  expect([state.text, intents]).toEqual(["", [{ type: "image.read", paths: ["/pictures/shot.png"], text }]])
  expect(imagePaths("'/a b.png' /c\\ d.JPG")).toEqual(["/a b.png", "/c d.JPG"])
  expect(imagePaths("file:///tmp/a%20b.webp")).toEqual(["/tmp/a b.webp"])
  expect(imagePaths("C:\\Users\\me\\shot.png")).toEqual(["C:\\Users\\me\\shot.png"])
  expect(imagePaths("look at shot.png")).toEqual([])
  expect(imagePaths("file:///tmp/%zz.png")).toEqual(["/tmp/%zz.png"])
})

test("an editor gets pasted text in full and images by name, and what it gives back is the text", () => {
  const state = paste(insertImage(keys("a ").state, image), "1\n2\n3\n4")
  expect(labelled(state)).toBe("a [image: shot.png 34 kB]1\n2\n3\n4")
  const back = fromEditor(state, "before [image: shot.png 34 kB] after\n")
  expect(inputParts(back.text, back.chips).map((part) => part.type)).toEqual(["text", "image", "text"])
  expect(inputParts(keys("<ctrl+_>", idle, back).state.text, back.chips)).toEqual(inputParts(state.text, state.chips))
  expect(fromEditor(state, "").text).toBe("")
})

test("Ctrl+G asks for the editor with the text, Ctrl+V and Alt+V for the clipboard", () => {
  expect(keys("abc<ctrl+g>").intents).toEqual([{ type: "editor" }])
  expect(keys("<ctrl+v>").intents).toEqual([{ type: "image.paste" }])
  expect(keys("abc<alt+v>").intents).toEqual([{ type: "image.paste" }])
})
