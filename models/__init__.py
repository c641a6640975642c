"""The model sections: functions that return a pm.Model. Nothing samples here."""
