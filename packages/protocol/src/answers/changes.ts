import { idSchema } from "../id-schema.ts"
import { lazy } from "../lazy.ts"
import * as z from "../schema.ts"

export const RewindPreviewSchema = lazy(() =>
  z.object({
    toSeq: z.number(),
    turns: z.array(idSchema("trn")),
    files: z.array(
      z.object({
        path: z.string(),
        action: z.enum(["create", "restore", "delete", "none"]),
        conflict: z.string().optional(),
      }),
    ),
    notCovered: z.array(z.string()),
  }),
)

export const CheckpointSummarySchema = lazy(() =>
  z.object({
    turnId: idSchema("trn"),
    beforeSeq: z.number(),
    at: z.number(),
    preview: z.string(),
    paths: z.array(z.string()),
    notCovered: z.array(z.string()),
  }),
)

export const PathDiffSchema = lazy(() =>
  z.object({
    path: z.string(),
    diff: z.string(),
    isFolder: z.literal(true).optional(),
    sha256: z.string().optional(),
  }),
)
