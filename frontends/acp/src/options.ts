import { EFFORTS, MODES, type ModelInfo, type Settings, type SettingsChange } from "@skein/protocol"
import { type Json, RPC, RpcError } from "./rpc.ts"
import { ACP_MODES } from "./words.ts"

export function modeState({ mode }: Settings): Json {
  return { currentModeId: mode, availableModes: ACP_MODES }
}

/** What a session without its own effort shows. */
const NO_EFFORT = "default"

/**
 * What a client can choose for a session. Clients that know these leave `modes` alone, so the mode is here too. Models
 * that cannot be asked are left out; the one in use is always there.
 */
export function configOptions(settings: Settings, models: readonly ModelInfo[]): readonly Json[] {
  const { model, mode, effort } = settings
  const known = models.find((info) => nameOf(info) === model)
  const ready = models.filter((info) => info.isReady && info !== known)
  const efforts = effort === undefined ? [NO_EFFORT, ...EFFORTS] : EFFORTS
  return [
    {
      ...select("mode", "Mode", mode),
      options: ACP_MODES.map(({ id, name, description }) => ({ value: id, name, description })),
    },
    {
      ...select("model", "Model", model),
      options: [{ value: model, name: known?.name ?? model }, ...ready.map(modelOption)],
    },
    ...(known?.reasoning === false
      ? []
      : [
          {
            ...select("effort", "Effort", effort ?? NO_EFFORT, "thought_level"),
            options: efforts.map((value) => ({ value, name: `${value[0]?.toUpperCase()}${value.slice(1)}` })),
          },
        ]),
  ]
}

/** The change that choosing a value asks for. Throws RpcError when there is no such option or value. */
export function chosen(configId: string, value: string): SettingsChange {
  if (configId === "model") return { model: value }
  const mode = MODES.find((known) => known === value)
  if (configId === "mode" && mode !== undefined) return { mode }
  const effort = EFFORTS.find((known) => known === value)
  if (configId === "effort" && effort !== undefined) return { effort }
  if (configId === "effort" && value === NO_EFFORT) return {}
  throw new RpcError(RPC.invalidParams, `There is no option ${configId} with the value ${JSON.stringify(value)}.`)
}

function select(id: string, name: string, currentValue: string, category = id): Json {
  return { id, name, category, type: "select", currentValue }
}

function modelOption(info: ModelInfo): Json {
  return { value: nameOf(info), name: info.name ?? nameOf(info) }
}

function nameOf({ provider, id }: ModelInfo): string {
  return `${provider}/${id}`
}
