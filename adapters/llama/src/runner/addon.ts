import { join } from "node:path"

/*
 * llama.cpp, as the prebuilt addon of node-llama-cpp 3.22 offers it to JavaScript (`dist/bindings/AddonTypes.d.ts` of that
 * package). Only what is used here; the version is pinned, as nobody promises these names.
 */

export interface Addon {
  readonly AddonModel: new (file: string, options: ModelOptions) => AddonModel
  readonly AddonContext: new (model: AddonModel, options: ContextOptions) => AddonContext
  readonly AddonSampler: new (model: AddonModel) => AddonSampler
  readonly AddonGrammar: new (text: string, options: { addonExports: Addon; rootRuleName: string }) => AddonGrammar
  readonly AddonGrammarEvaluationState: new (model: AddonModel, grammar: AddonGrammar) => GrammarState
  readonly AddonJinjaRenderer: new (template: string) => { render(items: Readonly<Record<string, unknown>>): string }
  markLoaded(): boolean
  setLogger(logger: (level: number, message: string) => void): void
  /** From 0, nothing, over 2, errors, to 6, everything. */
  setLoggerLogLevel(level: number): void
  loadBackends(folder?: string): void
  /** Undefined until a backend is loaded; false: it computes on the processor. */
  getGpuType(): string | false | undefined
  init(): Promise<void>
}

interface ModelOptions {
  readonly gpuLayers: number
  readonly useMmap: boolean
  readonly addonExports: Addon
}

interface ContextOptions {
  readonly contextSize: number
  readonly batchSize: number
  readonly sequences: number
  readonly threads: number
}

export interface AddonModel {
  init(): Promise<boolean>
  tokenize(text: string, hasSpecialTokens: boolean): Uint32Array
  detokenize(tokens: Uint32Array, hasSpecialTokens: boolean): string
  getTrainContextSize(): number
  tokenBos(): number
  tokenEos(): number
  getTokenString(token: number): string
  isEogToken(token: number): boolean
  shouldPrependBosToken(): boolean
}

export interface AddonContext {
  init(): Promise<boolean>
  dispose(): Promise<void>
  getContextSize(): number
  initBatch(size: number): void
  /** Gives, for each token whose logits are wanted, where to sample from. */
  addToBatch(sequence: number, from: number, tokens: Uint32Array, wanted: Uint32Array): Uint32Array
  decodeBatch(): Promise<void>
  /** -1: no token fits the grammar. */
  sampleToken(at: number, sampler: AddonSampler): Promise<number>
  /** False when the model's memory cannot be cut there; then the sequence is begun anew. */
  removeTokenCellsFromSequence(sequence: number, from: number, to: number): boolean
  disposeSequence(sequence: number): void
}

export interface AddonSampler {
  applyConfig(config: SamplerConfig): void
  dispose(): void
}

export interface SamplerConfig {
  readonly temperature: number
  readonly topK: number
  readonly topP: number
  readonly minP: number
  readonly seed: number
  readonly grammarEvaluationState?: GrammarState
}

export type AddonGrammar = object
export type GrammarState = object

/** Loads llama.cpp from a folder of its shared libraries. Throws what the system says of a library that it cannot load. */
export async function loadAddon(folder: string, onLog: (message: string) => void): Promise<Addon> {
  const loaded: { exports: unknown } = { exports: {} }
  process.dlopen(loaded, join(folder, "llama-addon.node"))
  const addon = loaded.exports as Addon
  addon.markLoaded()
  addon.setLogger((_, message) => onLog(message))
  addon.setLoggerLogLevel(ERRORS)
  addon.loadBackends()
  if (typeof addon.getGpuType() !== "string" && addon.getGpuType() !== false) addon.loadBackends(folder)
  await addon.init()
  return addon
}

const ERRORS = 2
