import type { Message, ModelRequest } from "@skein/core/ports"
import { imagesOf, systemTexts, textOf } from "../wire/content.ts"

/** The whole conversation as one text: the site keeps conversations of its own, and ours is not one of them. */
export function promptOf(request: ModelRequest): string {
  const system = systemTexts(request, true).join("\n\n")
  const said = request.messages.flatMap((message) => {
    const words = wordsOf(message)
    return words === "" ? [] : [`${message.role === "user" ? "Person" : "You"}:\n${words}`]
  })
  return [...(system === "" ? [] : [system]), ...said, "You:"].join("\n\n")
}

function wordsOf({ content }: Message): string {
  const words: readonly string[] = content.map(wordOf)
  return words.filter((word) => word.trim() !== "").join("\n\n")
}

function wordOf(block: Message["content"][number]): string {
  switch (block.type) {
    case "text":
      return block.text
    case "image":
      return "(a picture is here, which you cannot see)"
    case "call":
      return `${block.name}(${JSON.stringify(block.input)})`
    case "result": {
      const pictures = imagesOf(block.content).length > 0 ? "(pictures, which you cannot see)" : "(no output)"
      return `${block.isError ? "Error" : "Result"} of ${block.name}:\n${textOf(block.content) || pictures}`
    }
    case "hosted":
    case "reasoning":
      return ""
  }
}
