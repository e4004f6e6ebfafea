"""What people see: the Streamlit app. One file for each page in `pages/`; `address` alone knows the URL."""
