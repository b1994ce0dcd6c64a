wrk.method="POST"; wrk.body='{"userIdList":["user-1","u2","u3","bot","admin@example.com"]}'; wrk.headers["Content-Type"]="application/json"; wrk.headers["Api-Key"]="mock-api-key"
