// What bpmn.io itself says of our diagrams and tables: `node check.mjs BPMN_FOLDER`.
// bpmn-moddle reads every .bpmn, bpmnlint's recommended rules judge it, dmn-moddle reads every .dmn.
// Prints one JSON document {"ok", "diagrams", "tables", "findings": [{"file", "element", "rule", "message"}]}; exit 1 on any finding.
import { readFileSync } from 'node:fs';

import { BpmnModdle } from 'bpmn-moddle';
import { Linter } from 'bpmnlint';
import NodeResolver from 'bpmnlint/lib/resolver/node-resolver.js';
import { DmnModdle } from 'dmn-moddle';

import { filesUnder, spiffworkflow } from './sources.mjs';

const linter = new Linter({ config: { extends: 'bpmnlint:recommended' }, resolver: new NodeResolver() });

/** Read one file; a file that cannot be read, and each of the parser's warnings, is a finding. */
async function read(moddle, type, file) {
  try {
    const { rootElement, warnings } = await moddle.fromXML(readFileSync(file, 'utf8'), type);
    return { rootElement, findings: warnings.map((warning) => finding(file, 'parser', warning)) };
  } catch (error) {
    return { rootElement: null, findings: [error, ...(error.warnings ?? [])].map((each) => finding(file, 'parser', each)) };
  }
}

function finding(file, rule, { element, id, message }) {
  return { file, element: id ?? element?.id ?? null, rule, message };
}

async function checkDiagram(file) {
  const { rootElement, findings } = await read(new BpmnModdle({ spiffworkflow }), 'bpmn:Definitions', file);
  if (!rootElement) return findings;
  const reports = Object.entries(await linter.lint(rootElement));
  return findings.concat(reports.flatMap(([rule, found]) => found.map((report) => finding(file, rule, report))));
}

async function checkTable(file) {
  return (await read(new DmnModdle(), 'dmn:Definitions', file)).findings;
}

async function main([folder]) {
  if (!folder) throw new Error('usage: node check.mjs BPMN_FOLDER');
  const diagrams = filesUnder(folder, '.bpmn');
  const tables = filesUnder(folder, '.dmn');
  const findings = (await Promise.all([...diagrams.map(checkDiagram), ...tables.map(checkTable)])).flat();
  const ok = findings.length === 0;
  console.log(JSON.stringify({ ok, diagrams: diagrams.length, tables: tables.length, findings }, null, 2));
  return ok ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
