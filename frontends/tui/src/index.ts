export {
  type Asking,
  type Connected,
  DEFAULT_SETTINGS,
  type Glance,
  type Kept,
  type Left,
  type ScreenMetrics,
  type SettingsListener,
  type TuiOptions,
  type TuiSettings,
} from "./app/options.ts"
export { runTui } from "./app/run.ts"
export { noSystem } from "./system/no-system.ts"
export { type SystemOptions, type SystemSettings, systemPort } from "./system/port.ts"
export type { Pasted, SystemPort } from "./system/system.ts"
