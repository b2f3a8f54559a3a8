import { type Scripted, type ScriptedModel, scriptedModel } from "@skein/testkit"

type ModelPort = Omit<ScriptedModel, "requests">
type ModelRequest = Parameters<ModelPort["stream"]>[0]

/** A model that answers by what the person said last: each prompt has its own script, whatever else runs. */
export function modelBy(scripts: Readonly<Record<string, readonly Scripted[]>>): ModelPort {
  const models = Object.entries(scripts).map(([words, script]) => [words, scriptedModel(...script)] as const)
  const any = scriptedModel()
  return {
    describe: any.describe,
    list: any.list,
    stream(request, signal) {
      const said = lastSaid(request)
      const model = models.find(([words]) => said.includes(words))?.[1]
      if (model === undefined) throw new Error(`There is no script for ${JSON.stringify(said)}`)
      return model.stream(request, signal)
    },
  }
}

function lastSaid({ messages }: ModelRequest): string {
  const texts = messages.flatMap(({ role, content }) =>
    role === "user" ? content.flatMap((block) => (block.type === "text" ? [block.text] : [])) : [],
  )
  return texts.at(-1) ?? ""
}
