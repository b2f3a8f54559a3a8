import type { LanguageModelV4, SharedV4ProviderOptions } from "@ai-sdk/provider"
import type { ModelInfo, ProviderData } from "@skein/protocol"
import type { PackageRow } from "../providers/row.ts"

/** Who is asked through a package: a wire's target, with the package's model in place of a wire. */
export interface PackageTarget {
  readonly row: PackageRow
  readonly modelId: string
  readonly info: ModelInfo
  /** Shown in messages, where it is known. */
  readonly baseUrl: string
  /** Taken out of whatever is shown. */
  readonly key: string | undefined
  /** So are these: what a request is signed with, which its refusal may quote. */
  readonly secrets?: readonly string[] | undefined
  /** Only what streaming needs, so that a test may give less. */
  readonly model: Pick<LanguageModelV4, "doStream">
  /** What marks a message as the end of a cached prefix; absent where the model knows no such mark. */
  readonly cacheMark?: SharedV4ProviderOptions | undefined
}

/** Marks a package's opaque data with whom it came from. */
export function taggedMetadata(target: PackageTarget, data: unknown): ProviderData {
  return { ...nameOf(target), data }
}

/** The data when it came from this very target; another model's signatures would be refused. */
export function ownMetadata(providerData: ProviderData | undefined, target: PackageTarget): unknown {
  const name = nameOf(target)
  const isOwn =
    providerData?.wire === name.wire && providerData.provider === name.provider && providerData.model === name.model
  return isOwn ? providerData.data : undefined
}

function nameOf({ row, modelId }: PackageTarget) {
  return { wire: `package:${row.package}`, provider: row.id, model: modelId }
}
