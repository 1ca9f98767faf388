"""The keys of the product's shortcuts; `pages.shell.keyboard` lists them. Streamlit keeps C and R for itself."""

PRESENT, KEYBOARD, START = "P", "H", "S"
NEXT_EPOCH, PREVIOUS_EPOCH = "E", "Shift+E"
NEXT_DIGIT, PREVIOUS_DIGIT = "D", "Shift+D"
NEXT_MISTAKE, PREVIOUS_MISTAKE = "M", "Shift+M"
NEXT_LESSON, PREVIOUS_LESSON = "L", "Shift+L"
NEXT_STEP, PREVIOUS_STEP = "Right", "Left"
