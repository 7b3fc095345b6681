# SPDX-License-Identifier: Apache-2.0
"""What the schemas of Kubernetes do not say: pods as the "restricted" standard wants them, selectors that select what is
there, and metrics and settings that Puna has. Prints what is wrong and ends with 1 if anything is."""

import pathlib
import re
import sys

import yaml

root = pathlib.Path(__file__).resolve().parents[2]
sources = root / "src/main/java/dev/puna"
metrics = {
    name.replace(".", "_") for name in re.findall(r'"(puna\.[a-z.]+)"', (sources / "health/Measurements.java").read_text())
}
settings = set(re.findall(r'variables\s*\.\w+\(\s*"([A-Z_]+)"', (sources / "settings/Settings.java").read_text()))

manifests = [m for m in yaml.safe_load_all(pathlib.Path(sys.argv[1]).read_text()) if m]
by_kind = {m["kind"]: m for m in manifests}
wrong = []


def need(condition, text):
    if not condition:
        wrong.append(text)


need(len(by_kind) == len(manifests), "a kind is there twice")
deployment = by_kind["Deployment"]
template = deployment["spec"]["template"]
pod = template["spec"]
container = pod["containers"][0]
labels = template["metadata"]["labels"]

need(pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["runAsUser"] == 65532, "it may run as root")
need(pod["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault", "there is no seccomp profile")
need(pod["nodeSelector"]["kubernetes.io/os"] == "linux", "it may be put on a node of another system")
need(pod["nodeSelector"].get("kubernetes.io/arch") in ("amd64", "arm64", None), "there is no image for such nodes")
need(not pod["automountServiceAccountToken"] and not pod["enableServiceLinks"], "the pod is given what it does not need")
security = container["securityContext"]
need(security["allowPrivilegeEscalation"] is False, "privileges may grow")
need(security["readOnlyRootFilesystem"] is True, "the root file system can be written to")
need(security["capabilities"]["drop"] == ["ALL"], "capabilities are kept")
need(all(set(v) <= {"name", "persistentVolumeClaim", "emptyDir"} for v in pod["volumes"]), "a volume of the node is used")

environment = {e["name"]: e["value"] for e in container["env"]}
need(len(environment) == len(container["env"]), "a variable is set twice")
for name in environment:
    need(name.removeprefix("PUNA_") in settings, f"{name} is no setting of Puna")
grace = int(environment["PUNA_SHUTDOWN_GRACE"].removesuffix("s"))
need(pod["terminationGracePeriodSeconds"] >= grace + 15, "running answers do not get their grace")
ports = {p["name"] for p in container["ports"]}
for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
    get = container[probe]["httpGet"]
    need(get["path"].startswith("/q/health/") and get["port"] in ports, f"{probe} asks nobody")

service = by_kind["Service"]
need(service["spec"]["ports"][0]["targetPort"] in ports, "the service leads nowhere")
selectors = {"Deployment": deployment["spec"]["selector"]["matchLabels"], "Service": service["spec"]["selector"]}
if "PodDisruptionBudget" in by_kind:
    selectors["PodDisruptionBudget"] = by_kind["PodDisruptionBudget"]["spec"]["selector"].get("matchLabels", {})
if "NetworkPolicy" in by_kind:
    selectors["NetworkPolicy"] = by_kind["NetworkPolicy"]["spec"]["podSelector"].get("matchLabels", {})
for kind, selector in selectors.items():
    need(selector and selector.items() <= labels.items(), f"{kind} does not select the pods, or selects all there are")

claim = next(v["persistentVolumeClaim"]["claimName"] for v in pod["volumes"] if v["name"] == "models")
if "PersistentVolumeClaim" in by_kind:
    need(by_kind["PersistentVolumeClaim"]["metadata"]["name"] == claim, "the claim has another name")
    once = "ReadWriteMany" not in by_kind["PersistentVolumeClaim"]["spec"]["accessModes"]
    need(once == (deployment["spec"]["strategy"]["type"] == "Recreate"), "the strategy does not fit the volume")
if "HorizontalPodAutoscaler" in by_kind:
    scaler = by_kind["HorizontalPodAutoscaler"]["spec"]
    need(scaler["scaleTargetRef"]["name"] == deployment["metadata"]["name"], "the autoscaler scales something else")
    need("replicas" not in deployment["spec"], "two set the number of replicas")
    need(environment.get("PUNA_NOPRUNE") == "1", "one server may delete another's blobs")
    for metric in scaler["metrics"]:
        need(metric["pods"]["metric"]["name"] in metrics, f"{metric['pods']['metric']['name']} is no metric of Puna")

for text in wrong:
    print(f"{sys.argv[1]}: {text}")
sys.exit(1 if wrong else 0)
