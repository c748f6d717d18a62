-- Identities under seal, surely or possibly.
SELECT client_id FROM client WHERE sealed
UNION
SELECT client_id FROM restriction WHERE kind = 'seal'
