import type { JsonSchema } from "./input/lenient.ts"

/**
 * The built-in tools' inputs as JSON Schema, generated from their zod schemas by `scripts/schemas.ts`: building them at
 * start would cost more than starting. A test compares the two.
 */
export const SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  read: {
    type: "object",
    properties: {
      path: { type: "string" },
      offset: { type: "integer", minimum: 1 },
      limit: { type: "integer", minimum: 1 },
    },
    required: ["path"],
    additionalProperties: false,
  },
  write: {
    type: "object",
    properties: { path: { type: "string" }, content: { type: "string" } },
    required: ["path", "content"],
    additionalProperties: false,
  },
  edit: {
    type: "object",
    properties: {
      path: { type: "string" },
      oldText: { type: "string" },
      newText: { type: "string" },
      replaceAll: { type: "boolean" },
    },
    required: ["path", "oldText", "newText"],
    additionalProperties: false,
  },
  multiedit: {
    type: "object",
    properties: {
      path: { type: "string" },
      edits: {
        minItems: 1,
        type: "array",
        items: {
          type: "object",
          properties: {
            path: { type: "string" },
            oldText: { type: "string" },
            newText: { type: "string" },
            replaceAll: { type: "boolean" },
          },
          required: ["oldText", "newText"],
          additionalProperties: false,
        },
      },
    },
    required: ["edits"],
    additionalProperties: false,
  },
  glob: {
    type: "object",
    properties: {
      pattern: { type: "string", minLength: 1, maxLength: 1000 },
      path: { default: ".", type: "string" },
      hidden: { default: false, description: "also dotfiles", type: "boolean" },
    },
    required: ["pattern"],
    additionalProperties: false,
  },
  grep: {
    type: "object",
    properties: {
      pattern: { type: "string", minLength: 1, maxLength: 4000 },
      path: { default: ".", type: "string" },
      glob: { description: "only these files: *.ts", type: "string", maxLength: 1000 },
      ignoreCase: { default: false, type: "boolean" },
      literal: { default: false, type: "boolean" },
      context: { default: 0, type: "integer", minimum: 0, maximum: 20 },
      mode: { default: "content", type: "string", enum: ["content", "files", "count"] },
      hidden: { default: false, type: "boolean" },
    },
    required: ["pattern"],
    additionalProperties: false,
  },
  list: {
    type: "object",
    properties: {
      path: { default: ".", type: "string" },
      limit: { default: 500, type: "integer", minimum: 1, maximum: 2000 },
    },
    additionalProperties: false,
  },
  tree: {
    type: "object",
    properties: {
      path: { default: ".", type: "string" },
      depth: { default: 3, type: "integer", minimum: 1, maximum: 20 },
      limit: { default: 400, type: "integer", minimum: 1, maximum: 2000 },
    },
    additionalProperties: false,
  },
  bash: {
    type: "object",
    properties: {
      command: { type: "string", minLength: 1, maxLength: 100000 },
      timeoutMs: { default: 120000, type: "integer", minimum: 1, maximum: 600000 },
    },
    required: ["command"],
    additionalProperties: false,
  },
  todo_write: {
    type: "object",
    properties: {
      todos: {
        type: "array",
        items: {
          type: "object",
          properties: {
            text: { type: "string", minLength: 1 },
            status: { type: "string", enum: ["pending", "in_progress", "completed"] },
          },
          required: ["text", "status"],
          additionalProperties: false,
        },
      },
    },
    required: ["todos"],
    additionalProperties: false,
  },
  plan: { type: "object", properties: { plan: { type: "string" } }, required: ["plan"], additionalProperties: false },
  undo: {
    type: "object",
    properties: { calls: { default: 1, type: "integer", minimum: 1, maximum: 50 } },
    additionalProperties: false,
  },
  sessions: {
    type: "object",
    properties: {
      find: { type: "string", minLength: 1, maxLength: 500 },
      read: { type: "string" },
      limit: { default: 10, type: "integer", minimum: 1, maximum: 50 },
    },
    additionalProperties: false,
  },
  task: {
    type: "object",
    properties: {
      description: { type: "string", minLength: 1, maxLength: 200, description: "3 to 6 words for the person" },
      prompt: { type: "string", minLength: 1, maxLength: 200000 },
      agent: { default: "general", type: "string", minLength: 1, maxLength: 100 },
      background: { default: false, description: "go on at once; you are told when it ends", type: "boolean" },
      resume: { description: "session id of an agent that ended: tell it more", type: "string" },
      isolation: {
        description: "worktree: it works on a copy of the repository",
        type: "string",
        enum: ["none", "worktree"],
      },
      merge: { default: false, description: "merge that copy at the end, unless there is a conflict", type: "boolean" },
    },
    required: ["description", "prompt"],
    additionalProperties: false,
  },
  parallel_tasks: {
    type: "object",
    properties: {
      tasks: {
        minItems: 1,
        maxItems: 10,
        type: "array",
        items: {
          type: "object",
          properties: {
            agent: { default: "general", type: "string", minLength: 1, maxLength: 100 },
            description: { type: "string", minLength: 1, maxLength: 200 },
            prompt: { type: "string", minLength: 1, maxLength: 200000 },
          },
          required: ["description", "prompt"],
          additionalProperties: false,
        },
      },
      failFast: { default: false, description: "the first that fails stops all others", type: "boolean" },
      isolation: {
        description: "worktree: each works on a copy of the repository",
        type: "string",
        enum: ["none", "worktree"],
      },
      merge: {
        default: false,
        description: "merge the copies at the end, one after the other, where none conflicts",
        type: "boolean",
      },
    },
    required: ["tasks"],
    additionalProperties: false,
  },
  orchestrate: {
    type: "object",
    properties: {
      stages: {
        minItems: 1,
        maxItems: 10,
        type: "array",
        items: {
          minItems: 1,
          type: "array",
          items: {
            type: "object",
            properties: {
              agent: { default: "general", type: "string", minLength: 1, maxLength: 100 },
              description: { type: "string", minLength: 1, maxLength: 200 },
              prompt: { type: "string", minLength: 1, maxLength: 200000 },
            },
            required: ["description", "prompt"],
            additionalProperties: false,
          },
        },
      },
      failFast: { default: true, description: "begin no stage behind one in which something failed", type: "boolean" },
    },
    required: ["stages"],
    additionalProperties: false,
  },
  pipeline: {
    type: "object",
    properties: {
      steps: {
        minItems: 1,
        maxItems: 5,
        type: "array",
        items: {
          type: "object",
          properties: {
            agent: { default: "general", type: "string", minLength: 1, maxLength: 100 },
            description: { type: "string", minLength: 1, maxLength: 200 },
            prompt: { type: "string", minLength: 1, maxLength: 200000 },
          },
          required: ["description", "prompt"],
          additionalProperties: false,
        },
      },
      initialContext: { default: "", type: "string", maxLength: 200000 },
    },
    required: ["steps"],
    additionalProperties: false,
  },
  oracle: {
    type: "object",
    properties: {
      prompt: { type: "string", minLength: 1, maxLength: 200000, description: "the question, with what is known" },
      folders: {
        default: [],
        description: "where to look, besides or instead of here",
        maxItems: 20,
        type: "array",
        items: { type: "string", minLength: 1 },
      },
    },
    required: ["prompt"],
    additionalProperties: false,
  },
  finder: {
    type: "object",
    properties: {
      prompt: { type: "string", minLength: 1, maxLength: 200000, description: "what to find, in words of its purpose" },
      folders: {
        default: [],
        description: "where to look, besides or instead of here",
        maxItems: 20,
        type: "array",
        items: { type: "string", minLength: 1 },
      },
    },
    required: ["prompt"],
    additionalProperties: false,
  },
  librarian: {
    type: "object",
    properties: {
      prompt: { type: "string", minLength: 1, maxLength: 200000, description: "the question" },
      folders: {
        default: [],
        description: "where to look, besides or instead of here",
        maxItems: 20,
        type: "array",
        items: { type: "string", minLength: 1 },
      },
    },
    required: ["prompt"],
    additionalProperties: false,
  },
  agent: {
    type: "object",
    properties: {
      action: { type: "string", enum: ["kinds", "list", "say", "stop", "wait", "result"] },
      id: { description: "its session id, or the name of the only one", type: "string" },
      text: { type: "string", minLength: 1, maxLength: 200000 },
      seconds: { default: 300, description: "wait no longer", type: "number", minimum: 0, maximum: 3600 },
    },
    required: ["action"],
    additionalProperties: false,
  },
  worktree: {
    type: "object",
    properties: {
      action: { type: "string", enum: ["list", "diff", "merge", "remove"] },
      id: { type: "string" },
      onConflict: {
        default: "refuse",
        description: "of merge: write nothing, leave out what conflicts, or write both versions between marks",
        type: "string",
        enum: ["refuse", "skip", "mark"],
      },
    },
    required: ["action"],
    additionalProperties: false,
  },
  share: {
    type: "object",
    properties: {
      name: { default: "agent", description: "who tells it", type: "string", minLength: 1, maxLength: 60 },
      note: { type: "string", minLength: 1, maxLength: 4000 },
    },
    additionalProperties: false,
  },
  batch: {
    type: "object",
    properties: {
      calls: {
        minItems: 1,
        maxItems: 10,
        type: "array",
        items: {
          type: "object",
          properties: {
            tool: { type: "string", minLength: 1 },
            input: { default: {}, type: "object", propertyNames: { type: "string" }, additionalProperties: {} },
          },
          required: ["tool"],
          additionalProperties: false,
        },
      },
    },
    required: ["calls"],
    additionalProperties: false,
  },
}
