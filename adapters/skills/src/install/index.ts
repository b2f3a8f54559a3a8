export { type Found, type Installer, type InstallerOptions, installer } from "./install.ts"
export type { OfferedSkill } from "./offered.ts"
export type { InstalledSkill } from "./record.ts"
export { skeleton } from "./skeleton.ts"
