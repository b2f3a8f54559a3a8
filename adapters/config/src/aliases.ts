import type { Mode, Sandbox } from "@skein/protocol"

/** Permission modes as other programs call them. What never asks still holds to the sandbox, but where it says everything. */
export const MODE_ALIASES: Readonly<Record<string, Mode>> = {
  default: "ask",
  normal: "ask",
  untrusted: "ask",
  "on-request": "ask",
  acceptEdits: "accept-edits",
  acceptedits: "accept-edits",
  accept_edits: "accept-edits",
  autoedit: "accept-edits",
  "auto-edit": "accept-edits",
  auto_edit: "accept-edits",
  approve: "accept-edits",
  "on-failure": "accept-edits",
  // Claude Code's: what would be asked is refused, as it is here where nobody answers.
  dontAsk: "ask",
  "dont-ask": "auto",
  never: "auto",
  bypassPermissions: "full",
  bypass: "full",
  "bypass-permissions": "full",
  yolo: "full",
  "danger-full-access": "full",
  "read-only": "plan",
}

export const SANDBOX_ALIASES: Readonly<Record<string, Sandbox>> = {
  danger: "full-access",
  "danger-full-access": "full-access",
}
