#!/bin/bash
# Makes the roles and users that leakwatch and Kibana use. Running it again
# changes nothing but their passwords, to those of the secret files.
set -euo pipefail

es=http://elasticsearch:9200
secret() { tr -d '\n' < "/run/secrets/$1"; }

put() { # METHOD PATH BODY
  local answer
  answer=$(curl --silent --show-error --fail-with-body -u "elastic:$(secret elastic_password)" \
    -X "$1" -H 'Content-Type: application/json' "$es$2" --data "$3") || { echo "$2: $answer" >&2; return 1; }
}

put POST /_security/user/kibana_system/_password "{\"password\":\"$(secret kibana_password)\"}"

# One user keeps the archive, one the state; neither reaches what is the other's.
put PUT /_security/role/leakwatch_archive '{
  "cluster": ["monitor"],
  "indices": [{"names": ["leakwatch-listings*", "leakwatch-revisions*", "leakwatch-alerts*", "leakwatch-cases*"], "privileges": ["all"]}]}'
put PUT /_security/role/leakwatch_state '{
  "cluster": ["monitor"],
  "indices": [{"names": ["leakwatch-state-*"], "privileges": ["all"]}]}'
# People who read the archive in Kibana get this role: it does not reach the state.
put PUT /_security/role/leakwatch_reader '{
  "indices": [{"names": ["leakwatch-listings*", "leakwatch-revisions*", "leakwatch-alerts*", "leakwatch-cases*"], "privileges": ["read", "view_index_metadata"]}]}'

put PUT /_security/user/leakwatch "{\"password\":\"$(secret leakwatch_password)\",\"roles\":[\"leakwatch_archive\"]}"
put PUT /_security/user/leakwatch_state "{\"password\":\"$(secret leakwatch_state_password)\",\"roles\":[\"leakwatch_state\"]}"
echo "users are ready"
