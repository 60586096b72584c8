// Reads annotations as JSON and writes them as workflow commands, by GitHub's own library.
import { readFileSync } from "node:fs";
import * as core from "@actions/core";

const issue = { error: core.error, warning: core.warning, notice: core.notice };
for (const { command, message, properties } of JSON.parse(readFileSync(0, "utf8"))) {
  issue[command](message, properties);
}
