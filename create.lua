wrk.method="POST"; wrk.body='{"groupName":"g","groupMemberList":["user-1"]}'; wrk.headers["Content-Type"]="application/json"; wrk.headers["Api-Key"]="mock-api-key"
