-- A request for somebody's own record.
SELECT request_id, birth_date, received_on FROM latest_request WHERE request_id = $request AND kind = 'access'
