wrk.method="POST"; wrk.body='{"groupId":10000001,"message":"hi","fromUserName":"user-1"}'; wrk.headers["Content-Type"]="application/json"; wrk.headers["Api-Key"]="mock-api-key"
