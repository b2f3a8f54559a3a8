import type { ModelInfo } from "@skein/protocol"
import type { CommandWorld } from "./command.ts"

/** What is known of `provider/model`; undefined of one that is in no list. */
export async function factsNamed(name: string, ask: CommandWorld["ask"]): Promise<ModelInfo | undefined> {
  const models = await ask({ type: "models.list" })
  return models.find(({ provider, id }) => `${provider}/${id}` === name)
}
