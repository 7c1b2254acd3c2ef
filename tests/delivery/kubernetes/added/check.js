// Reads objects as a JSON array on standard input; prints, for each, what its kind's schema finds wrong ("" is nothing).
import { readFileSync } from 'node:fs';

const FOLDERS = {
  'argoproj.io/v1alpha1 Rollout': 'argo-rollouts',
  'argoproj.io/v1alpha1 AnalysisTemplate': 'argo-rollouts',
  'argoproj.io/v1alpha1 Application': 'argo-cd',
  'argoproj.io/v1alpha1 AppProject': 'argo-cd',
  'external-secrets.io/v1 ExternalSecret': 'external-secrets',
  'gateway.networking.k8s.io/v1 HTTPRoute': 'gateway-api',
  'monitoring.coreos.com/v1 PrometheusRule': 'prometheus-operator',
  'monitoring.coreos.com/v1 ServiceMonitor': 'prometheus-operator',
};
const said = [];
for (const one of JSON.parse(readFileSync(0, 'utf8'))) {
  const folder = FOLDERS[`${one.apiVersion} ${one.kind}`];
  if (!folder) {
    said.push(`no schema for ${one.apiVersion} ${one.kind}`);
    continue;
  }
  const found = await import(`@kubernetes-models/${folder}/${one.apiVersion}/${one.kind}`);
  try {
    new found[one.kind](one).validate();
    said.push('');
  } catch (error) {
    said.push(error.message);
  }
}
console.log(JSON.stringify(said));
